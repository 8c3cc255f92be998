"""The copies: the newest description counts; of them only scan sessions are ever removed."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text, Uuid, false, true

from purchasing.database import metadata
from servicekit.tables import Moment

items = Table(
    "item",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("base_unit", Text, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("category", Text),
    Column("tracking", Text, nullable=False, server_default="none"),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("shelf_life_days", Integer),
    Column("kit", Boolean, nullable=False, server_default=false()),
    Column("for_sale", Boolean, nullable=False, server_default=true()),
)

unit_conversions = Table(
    "unit_conversion",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("numerator", BigInteger, nullable=False),
    Column("denominator", BigInteger, nullable=False),
    Column("valid_from", Moment, nullable=False),
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

scan_sessions = Table(
    "scan_session",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("site_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

warehouses = Table(
    "warehouse",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)
