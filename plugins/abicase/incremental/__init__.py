"""Results of earlier runs: what was read to make them, and where they are kept."""
