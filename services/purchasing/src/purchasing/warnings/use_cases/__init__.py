"""What can be done with warnings."""
