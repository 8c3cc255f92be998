"""Migrates the database of sales."""

from sales.counter import tables as counter
from sales.customers import tables as customers
from sales.database import metadata
from sales.invoicing import tables as invoicing
from sales.orders import tables as orders
from sales.prices import tables as prices
from sales.recalls import tables as recalls
from sales.reference import tables as reference
from sales.returns import tables as returns
from sales.shipments import tables as shipments
from servicekit import alembic_env

# Tables are known once their modules are imported.
__all__ = [
    "counter",
    "customers",
    "invoicing",
    "orders",
    "prices",
    "recalls",
    "reference",
    "returns",
    "shipments",
]

alembic_env.run(metadata)
