"""Problem codes, problems as values, and reporters for them."""
