"""Photos that people attach to documents: checked, kept outside the database, and shown."""
