"""Build time of the site compared with plain MkDocs on hand-written pages with the same content."""
