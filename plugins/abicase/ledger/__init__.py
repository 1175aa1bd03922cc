"""Permalinks: everything that was ever published, and what became of it."""
