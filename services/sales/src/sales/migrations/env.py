"""Migrates the database of sales."""

from sales.customers import tables as customers
from sales.database import metadata
from sales.orders import tables as orders
from sales.reference import tables as reference
from sales.shipments import tables as shipments
from servicekit import alembic_env

# Tables are known once their modules are imported.
__all__ = ["customers", "orders", "reference", "shipments"]

alembic_env.run(metadata)
