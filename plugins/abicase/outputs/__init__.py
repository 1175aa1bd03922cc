"""The files beside the pages: JSON, feed, short addresses; and the check of a built site."""
