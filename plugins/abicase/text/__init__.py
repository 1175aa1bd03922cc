"""Conversion of the Markdown in records to safe HTML and to plain text."""
