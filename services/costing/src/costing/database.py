"""The tables of costing."""

from servicekit.tables import new_metadata

metadata = new_metadata()
