"""The advice of lessons on patches that are not applied yet."""
