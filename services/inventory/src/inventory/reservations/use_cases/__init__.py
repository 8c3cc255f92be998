"""What can be done to a reservation."""
