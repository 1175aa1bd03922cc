"""Views: the pages, long lists in parts, drawings, replies, search."""
