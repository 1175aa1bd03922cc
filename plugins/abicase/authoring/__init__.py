"""Help for authors: new records, sources from commits, patches from mails."""
