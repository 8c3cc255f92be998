"""What can be done with what customers owe."""
