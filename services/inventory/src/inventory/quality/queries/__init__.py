"""The read side of quality: SQL to rows."""
