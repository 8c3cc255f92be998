"""What can be done with picks."""
