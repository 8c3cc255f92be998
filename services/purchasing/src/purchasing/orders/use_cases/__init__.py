"""What can be done with purchase orders."""
