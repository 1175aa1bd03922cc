"""The Markdown of records: to safe HTML and to plain text."""
