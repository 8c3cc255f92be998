"""What is done to keep bad goods from being sold."""
