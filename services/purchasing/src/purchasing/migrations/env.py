"""Migrates the database of purchasing."""

from purchasing.clocks import tables as clocks
from purchasing.database import metadata
from purchasing.demand import tables as demand
from purchasing.invoices import tables as invoices
from purchasing.orders import tables as orders
from purchasing.rates import tables as rates
from purchasing.receipts import tables as receipts
from purchasing.recognition import tables as recognition
from purchasing.reference import tables as reference
from purchasing.repricing import tables as repricing
from purchasing.returns import tables as returns
from purchasing.settlement import tables as settlement
from purchasing.suppliers import tables as suppliers
from purchasing.warnings import tables as warnings
from servicekit import alembic_env

# Tables are known once their modules are imported.
__all__ = [
    "clocks",
    "demand",
    "invoices",
    "orders",
    "rates",
    "receipts",
    "recognition",
    "reference",
    "repricing",
    "returns",
    "settlement",
    "suppliers",
    "warnings",
]

alembic_env.run(metadata)
