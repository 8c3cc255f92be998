"""What can be done with returns to suppliers."""
