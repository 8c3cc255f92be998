"""What can be done with clocks."""
