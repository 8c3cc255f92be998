"""The rules of scanning: nothing without a session, and a session for one warehouse only."""
