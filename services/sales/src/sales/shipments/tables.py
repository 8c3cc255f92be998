"""Shipments and their lines: written once, with the order that they end."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from sales.database import metadata

Quantity = Numeric(18, 6)
Money = Numeric(14, 2)

shipments = Table(
    "shipment",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("shipment_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("reservation_id", Uuid, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    Column("posted_by", Text, nullable=False),
    Index("ix_shipment_shipment_id", "shipment_id"),
    UniqueConstraint("site_id", "number"),
)

shipment_lines = Table(
    "shipment_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("shipment_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("amount", Money, nullable=False),
    Column("batch_id", Text, nullable=False, server_default=""),
    Column("serials", ARRAY(Text), nullable=False, server_default="{}"),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("amount >= 0", name="amount_is_not_negative"),
)
