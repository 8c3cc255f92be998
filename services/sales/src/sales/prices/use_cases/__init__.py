"""What can be done about prices."""
