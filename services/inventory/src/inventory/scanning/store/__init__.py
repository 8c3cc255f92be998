"""Loads of scanning; a session is locked before anything else that a command changes."""
