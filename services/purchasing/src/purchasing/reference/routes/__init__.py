"""HTTP: the copies of items, sites and warehouses, and how labels are drawn."""

from purchasing.reference.routes.copies import Reader, router

__all__ = ["Reader", "router"]
