"""What can be done with a scanner."""
