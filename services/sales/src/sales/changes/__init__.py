"""Changes of orders, the goods held for them following."""
