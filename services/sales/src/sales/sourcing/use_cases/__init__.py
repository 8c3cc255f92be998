"""What can be done about where goods come from."""
