"""The plugin for MkDocs; nothing else imports MkDocs."""
