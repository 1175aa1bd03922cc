"""All records with their references resolved, sealed."""
