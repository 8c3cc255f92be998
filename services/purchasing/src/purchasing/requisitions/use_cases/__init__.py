"""What can be done with requisitions."""
