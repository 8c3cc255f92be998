"""Migrates the database of sales."""

from sales.channels import tables as channels
from sales.counter import tables as counter
from sales.credit import tables as credit
from sales.customers import tables as customers
from sales.database import metadata
from sales.deliveries import tables as deliveries
from sales.importing import tables as importing
from sales.invoicing import tables as invoicing
from sales.margins import tables as margins
from sales.orders import tables as orders
from sales.picking import tables as picking
from sales.prices import tables as prices
from sales.recalls import tables as recalls
from sales.reference import tables as reference
from sales.returns import tables as returns
from sales.shipments import tables as shipments
from sales.sourcing import tables as sourcing
from sales.substitutes import tables as substitutes
from servicekit import alembic_env

# Tables are known once their modules are imported.
__all__ = [
    "channels",
    "counter",
    "credit",
    "customers",
    "deliveries",
    "importing",
    "invoicing",
    "margins",
    "orders",
    "picking",
    "prices",
    "recalls",
    "reference",
    "returns",
    "shipments",
    "sourcing",
    "substitutes",
]

alembic_env.run(metadata)
