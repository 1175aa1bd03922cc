"""From YAML files to records with the position of every value, and back into one form."""
