"""Orders that come in as files: each is placed by itself, and once."""
