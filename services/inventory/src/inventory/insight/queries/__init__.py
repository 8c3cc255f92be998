"""The read side of insight: SQL to rows."""
