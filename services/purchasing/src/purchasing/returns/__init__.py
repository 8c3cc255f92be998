"""Goods of posted receipts that go back to their suppliers, and receipts that are undone."""
