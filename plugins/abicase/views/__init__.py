"""Views: which pages there are, long lists in parts, drawings, replies, search."""
