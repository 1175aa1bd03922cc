"""What stands outside: git repositories and links."""
