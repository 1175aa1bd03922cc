"""How long the site takes, compared with plain MkDocs on hand-written pages of the same content."""
