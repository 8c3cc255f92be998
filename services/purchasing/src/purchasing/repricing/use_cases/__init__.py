"""What can be done with corrections of prices."""
