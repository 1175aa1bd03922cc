"""From YAML files to records with the position of every value, and back to a canonical form."""
