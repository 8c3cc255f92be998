"""Copies of what inventory owns and sales needs to know: items, sites and warehouses."""
