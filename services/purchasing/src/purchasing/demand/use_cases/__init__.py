"""What can be done with what shops ask for."""
