"""Rules of looking at the books."""
