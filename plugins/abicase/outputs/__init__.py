"""The site's other files (JSON, feed, short addresses), and the check of a built site."""
