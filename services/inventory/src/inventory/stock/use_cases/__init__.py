"""What can be done to the books."""
