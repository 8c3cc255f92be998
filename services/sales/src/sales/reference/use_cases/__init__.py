"""What can be done with the copies."""
