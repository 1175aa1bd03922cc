"""The codes of problems, problems as values, and how they are printed."""
