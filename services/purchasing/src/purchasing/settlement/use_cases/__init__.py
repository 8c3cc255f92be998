"""What can be done about receipts between us and their suppliers."""
