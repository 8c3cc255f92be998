"""What can be done about channels."""
