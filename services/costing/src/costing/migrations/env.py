"""Migrates costing's database; importing the tables fills the metadata they are compared with."""

from costing.database import metadata
from costing.insight import tables as insight
from costing.valuation import tables as valuation
from servicekit.alembic_env import run

__all__ = ["insight", "valuation"]

run(metadata)
