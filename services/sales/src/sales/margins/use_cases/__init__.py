"""What can be done with costs of what was sold."""
