"""The rules that records keep beyond their shape."""
