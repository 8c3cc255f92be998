"""What can be done to the arrival rules, and with them."""
