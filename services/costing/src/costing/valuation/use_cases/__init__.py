"""What can be done with values."""
