"""Picks and their lines: what was picked is written once; how it ended is added to it."""

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Integer, Table, Text, Uuid, text

from sales.database import Choice, Quantity, metadata
from sales.picking.domain import PickStatus
from servicekit.tables import Moment

picks = Table(
    "pick",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("pick_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("picked_at", Moment, nullable=False),
    Column("picked_by", Text, nullable=False),
    Column("device_id", Text),
    Column("status", Choice(PickStatus), nullable=False),
    Column("shipment_id", Uuid),
    Column("ended_at", Moment),
    Column("ended_by", Text),
    CheckConstraint("status in ('open', 'shipped', 'cancelled')", name="status_is_known"),
    CheckConstraint("(shipment_id is not null) = (status = 'shipped')", name="ships_once"),
    CheckConstraint("(ended_at is null) = (status = 'open')", name="ends_once"),
    Index("ix_pick_pick_id", "pick_id"),
    Index("ix_pick_order_id", "order_id"),
    Index("ix_pick_open", "site_id", postgresql_where=text("status = 'open'")),
)

pick_lines = Table(
    "pick_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("pick_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("serials", ARRAY(Text), nullable=False),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
)
