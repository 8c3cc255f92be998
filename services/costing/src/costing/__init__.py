"""Costing: the only owner of values."""
