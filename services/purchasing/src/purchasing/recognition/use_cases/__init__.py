"""What can be done with an uploaded invoice."""
