"""Receipts and their lines."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import relationship

from purchasing.database import Choice, mapper, metadata
from purchasing.receipts.domain import Receipt, ReceiptLine, ReceiptStatus

Moment = DateTime(timezone=True)

receipts = Table(
    "receipt",
    metadata,
    Column("receipt_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("order_id", Uuid, ForeignKey("purchase_order.order_id"), nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("delivery_note", Text),
    Column("received_at", Moment, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("status", Choice(ReceiptStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("audited_at", Moment),
    Column("audited_by", Text),
    Column("posted_at", Moment),
    Column("posted_by", Text),
    Column("booked_at", Moment),
    Column("cancelled_at", Moment),
    Column("cancelled_by", Text),
    UniqueConstraint("number"),
    CheckConstraint(
        "status in ('draft', 'audited', 'posting', 'posted', 'cancelled')", name="status_is_known"
    ),
    Index("ix_receipt_site_id_receipt_id", "site_id", "receipt_id"),
    Index("ix_receipt_order_id", "order_id"),
)

receipt_lines = Table(
    "receipt_line",
    metadata,
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("order_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Numeric(18, 6), nullable=False),
    Column("unit_cost", Numeric(18, 6), nullable=False),
    Column("batch_id", Text, nullable=False, server_default=""),
    Column("manufactured_on", Date),
    Column("expires_on", Date),
    Column("serials", ARRAY(Text, as_tuple=True), nullable=False, server_default="{}"),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
)

mapper.map_imperatively(ReceiptLine, receipt_lines)
mapper.map_imperatively(
    Receipt,
    receipts,
    properties={
        "lines": relationship(ReceiptLine, order_by=receipt_lines.c.line_no, lazy="selectin")
    },
)
