"""What can be wrong: codes, problems as values, and how they are printed."""
