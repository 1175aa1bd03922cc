"""How long the site takes, beside plain MkDocs on hand-written pages of the same content."""
