"""What can be done to the catalog."""
