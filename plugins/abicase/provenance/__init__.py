"""Git repositories and the web: everything outside the records that they refer to."""
