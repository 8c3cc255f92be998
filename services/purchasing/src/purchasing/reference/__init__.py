"""Copies of what inventory owns and purchasing needs to know: items, sites and warehouses."""
