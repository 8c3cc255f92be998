"""Migrates inventory's database; importing the tables fills the metadata they are compared with."""

from inventory.catalog import tables as catalog
from inventory.database import metadata
from inventory.reservations import tables as reservations
from inventory.stock import tables as stock
from servicekit.alembic_env import run

__all__ = ["catalog", "reservations", "stock"]

run(metadata)
