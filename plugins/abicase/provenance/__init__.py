"""The world outside the records: git repositories and links."""
