"""What can be done with counter sales."""
