"""What pages show: which there are, long lists in parts, drawings, replies, search."""
