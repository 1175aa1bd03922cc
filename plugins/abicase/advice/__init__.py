"""What lessons say of patches that were not applied yet."""
