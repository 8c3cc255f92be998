"""The tables of inventory, and the mapping of its documents onto them."""

from sqlalchemy.orm import registry

from servicekit.tables import new_metadata

metadata = new_metadata()
mapping = registry(metadata=metadata)
