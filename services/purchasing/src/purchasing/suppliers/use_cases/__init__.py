"""What can be done with suppliers."""
