"""What was scanned at the door, receipts with their lines, and photos of what was signed."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import relationship

from purchasing.database import Choice, Quantity, mapper, metadata
from purchasing.receipts.domain import (
    Opening,
    Photo,
    Receipt,
    ReceiptLine,
    ReceiptStatus,
    RefusalReason,
    RefusedGoods,
)
from servicekit.tables import Moment

openings = Table(
    "receipt_opening",
    metadata,
    Column("opening_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("supplier_id", Text, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("site_id", Text, nullable=False),
    Column("order_id", Uuid),
    Column("delivery_note", Text),
    Column("opened_at", Moment, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("device_id", Text),
    Column("session_id", Uuid),
    Column("warehouse_id", Text),
    Column("abandoned_at", Moment),
    Column("abandoned_by", Text),
    Column("abandoned_reason", Text),
)

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
    Column("opening_id", Uuid, ForeignKey("receipt_opening.opening_id")),
    Column("opened_at", Moment),
    Column("opened_by", Text),
    Column("device_id", Text),
    Column("session_id", Uuid),
    Column("status", Choice(ReceiptStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("audited_at", Moment),
    Column("audited_by", Text),
    Column("posted_at", Moment),
    Column("posted_by", Text),
    Column("booked_at", Moment),
    Column("held_since", Moment),
    Column("held_cause", Text),
    Column("cancelled_at", Moment),
    Column("cancelled_by", Text),
    Column("reversed_by", Uuid),
    Column("reversed_by_number", Text),
    UniqueConstraint("number"),
    CheckConstraint(
        "status in ('draft', 'audited', 'posting', 'posted', 'cancelled')", name="status_is_known"
    ),
    Index(
        "ix_receipt_open",
        "site_id",
        postgresql_where=text("status in ('draft', 'audited', 'posting')"),
    ),
    Index("ix_receipt_site_id_receipt_id", "site_id", "receipt_id"),
    Index("ix_receipt_order_id", "order_id"),
    Index("ix_receipt_opening_id", "opening_id"),
)

receipt_lines = Table(
    "receipt_line",
    metadata,
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("order_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("unit_cost", Quantity, nullable=False),
    Column("counted_unit", Text, nullable=False, server_default=""),
    Column("counted_quantity", Quantity, nullable=False, server_default="0"),
    Column("unit_version", Integer),
    Column("batch_id", Text, nullable=False, server_default=""),
    Column("manufactured_on", Date),
    Column("expires_on", Date),
    Column("serials", ARRAY(Text, as_tuple=True), nullable=False, server_default="{}"),
    Column("scale_id", Text),
    Column("gross", Quantity),
    Column("tare", Quantity),
    Column("net", Quantity),
    Column("weight_unit", Text),
    Column("weighed_at", Moment),
    Column("arrived_in", Text),
    Column("arrival_rule", Text),
    Column("returned", Quantity, nullable=False, server_default="0"),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("returned between 0 and quantity", name="no_more_went_back_than_came"),
    CheckConstraint("counted_quantity > 0", name="counted_is_positive"),
)

refused_goods = Table(
    "receipt_refusal",
    metadata,
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), primary_key=True),
    Column("refusal_no", Integer, primary_key=True),
    Column("order_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("reason", Choice(RefusalReason), nullable=False),
    Column("note", Text),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint(
        "reason in ('damaged', 'wrong_goods', 'short_dated', 'surplus', 'other')",
        name="reason_is_known",
    ),
)

photos = Table(
    "receipt_photo",
    metadata,
    Column("photo_id", Uuid, primary_key=True),
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("attached_at", Moment, nullable=False),
    Column("attached_by", Text, nullable=False),
    UniqueConstraint("receipt_id", "sha256"),
)

mapper.map_imperatively(Opening, openings)
mapper.map_imperatively(Photo, photos)
mapper.map_imperatively(ReceiptLine, receipt_lines)
mapper.map_imperatively(RefusedGoods, refused_goods)
mapper.map_imperatively(
    Receipt,
    receipts,
    properties={
        "lines": relationship(ReceiptLine, order_by=receipt_lines.c.line_no, lazy="selectin"),
        "refused": relationship(RefusedGoods, order_by=refused_goods.c.refusal_no, lazy="raise"),
    },
)
