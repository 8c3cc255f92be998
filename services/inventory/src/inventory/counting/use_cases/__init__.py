"""What can be done with a count sheet."""
