"""Migrates the database of purchasing."""

from purchasing.database import metadata
from purchasing.orders import tables as orders
from purchasing.receipts import tables as receipts
from purchasing.reference import tables as reference
from purchasing.suppliers import tables as suppliers
from servicekit import alembic_env

# Tables are known once their modules are imported.
__all__ = ["orders", "receipts", "reference", "suppliers"]

alembic_env.run(metadata)
