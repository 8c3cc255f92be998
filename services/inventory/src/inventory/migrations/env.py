"""Migrates inventory's database; importing the tables fills the metadata they are compared with."""

from inventory.arrivals import tables as arrivals
from inventory.catalog import tables as catalog
from inventory.counting import tables as counting
from inventory.database import metadata
from inventory.devices import tables as devices
from inventory.documents import tables as documents
from inventory.insight import tables as insight
from inventory.quality import tables as quality
from inventory.reservations import tables as reservations
from inventory.scanning import tables as scanning
from inventory.stock import tables as stock
from servicekit.alembic_env import run

__all__ = [
    "arrivals",
    "catalog",
    "counting",
    "devices",
    "documents",
    "insight",
    "quality",
    "reservations",
    "scanning",
    "stock",
]

run(metadata)
