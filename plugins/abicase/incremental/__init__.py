"""The cache of earlier results, and the tracking of what was read to compute them."""
