"""The rules for records beyond their shape, in one file per subject."""
