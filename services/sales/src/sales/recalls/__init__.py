"""Goods that are called back: to whom they went, and who has been told."""
