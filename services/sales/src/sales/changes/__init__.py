"""Changes of orders before they are paid, the goods held for them following."""
