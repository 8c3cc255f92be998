"""Shipments and their lines: written once; who signed for them is added to them."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from sales.database import Choice, Money, Quantity, metadata
from sales.shipments.domain import SignedVia
from servicekit.tables import Moment

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
    Column("posted_at", Moment, nullable=False),
    Column("posted_by", Text, nullable=False),
    Column("device_id", Text),
    Column("signed_at", Moment),
    Column("signed_by", Text),
    Column("signed_via", Choice(SignedVia)),
    Column("proof", Text),
    Column("noted_at", Moment),
    Column("noted_by", Text),
    Column("came_back_at", Moment),
    CheckConstraint(
        "(signed_at is null) = (signed_by is null or signed_via is null or noted_at is null)",
        name="signed_as_a_whole",
    ),
    CheckConstraint("signed_at is null or came_back_at is null", name="is_at_one_place"),
    Index("ix_shipment_shipment_id", "shipment_id"),
    Index("ix_shipment_order_id", "order_id"),
    UniqueConstraint("site_id", "number"),
)

IN_TRANSIT = shipments.c.signed_at.is_(None) & shipments.c.came_back_at.is_(None)
Index(
    "ix_shipment_in_transit",
    shipments.c.site_id,
    shipments.c.shipment_id,
    postgresql_where=IN_TRANSIT,
)

SOLD_AT = """
    case shipment.signed_via when 'counter' then shipment.signed_at else shipment.posted_at end"""
"""When it was sold: at a till that was offline, before it was posted."""

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
    # For recalls, which ask where a batch went.
    Index(
        "ix_shipment_line_item_id_batch_id",
        "item_id",
        "batch_id",
        postgresql_where=text("batch_id <> ''"),
    ),
    Index(
        "ix_shipment_line_item_id_named",
        "item_id",
        postgresql_where=text("serials <> '{}'::text[]"),
    ),
)
