"""The record format: types of fields, records, the items in them and their addresses."""
