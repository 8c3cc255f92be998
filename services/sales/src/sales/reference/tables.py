"""The copies: the newest description counts, and nothing is ever removed."""

from sqlalchemy import Boolean, Column, Integer, Table, Text, false, true

from sales.database import metadata

items = Table(
    "item",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("base_unit", Text, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("category", Text),
    Column("for_sale", Boolean, nullable=False, server_default=true()),
    Column("disabled", Boolean, nullable=False, server_default=false()),
)

sites = Table(
    "site",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
)

devices = Table(
    "device",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("device_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

warehouses = Table(
    "warehouse",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)
