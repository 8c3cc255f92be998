"""Loads what insight works on, a piece at a time."""
