"""What was sold, and what could not be."""
