"""What can be done with receipts."""
