"""Tables of the catalog."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, SmallInteger, Table, Text

from inventory.catalog.domain import Item, Site, Warehouse
from inventory.database import mapping, metadata

site = Table(
    "site",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
)

warehouse = Table(
    "warehouse",
    metadata,
    Column("site_id", Text, ForeignKey(site.c.site_id), primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

item = Table(
    "item",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("base_unit", Text, nullable=False),
    Column("scale", SmallInteger, nullable=False),
    Column("category", Text),
    Column("in_use", Boolean, nullable=False),
    CheckConstraint("scale between 0 and 6", name="scale"),
)

mapping.map_imperatively(Site, site)
mapping.map_imperatively(Warehouse, warehouse)
mapping.map_imperatively(Item, item)
