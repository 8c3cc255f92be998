"""What can be done with orders in files."""
