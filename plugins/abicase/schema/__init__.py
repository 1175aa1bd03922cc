"""The record format: field types, records, the items in them and their addresses."""
