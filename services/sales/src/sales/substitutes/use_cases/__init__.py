"""What can be done about substitutes."""
