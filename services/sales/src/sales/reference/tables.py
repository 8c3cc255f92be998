"""The copies: the newest description counts, and nothing is ever removed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    false,
    true,
)

from sales.database import metadata

Degrees = Numeric(9, 6)

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
    Column("latitude", Degrees),
    Column("longitude", Degrees),
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
    Column("ships_for_others", Boolean, nullable=False, server_default=false()),
)

substitutes = Table(
    "substitute",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("substitute_id", Text, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("numerator", BigInteger, nullable=False),
    Column("denominator", BigInteger, nullable=False),
    Column("both_ways", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Index("ix_substitute_substitute_id", "substitute_id"),
)
