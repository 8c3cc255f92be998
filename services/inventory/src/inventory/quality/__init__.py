"""Goods held for quality: inspections, conditions of warehouses, expiry and recalls."""
