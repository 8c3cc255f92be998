"""What can be done about goods that are called back."""
