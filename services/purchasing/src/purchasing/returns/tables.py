"""Returns and their lines: what goes back is written once, and then only taken its steps."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
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

from purchasing.database import Choice, Money, Quantity, mapper, metadata
from purchasing.returns.domain import (
    GoodsStatus,
    PurchaseReturn,
    ReturnCause,
    ReturnLine,
    ReturnReversal,
    ReturnStatus,
    ReversalStatus,
)
from purchasing.settlement.domain import AMOUNTS
from servicekit.tables import Moment

returns = Table(
    "purchase_return",
    metadata,
    Column("return_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("cause", Choice(ReturnCause), nullable=False),
    Column("note", Text),
    Column("replace", Boolean, nullable=False),
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), nullable=False),
    Column("receipt_number", Text, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("drafted_at", Moment, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("status", Choice(ReturnStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("audited_at", Moment),
    Column("audited_by", Text),
    Column("posted_at", Moment),
    Column("posted_by", Text),
    Column("command_id", Uuid),
    Column("device_id", Text),
    Column("booked_at", Moment),
    Column("held_since", Moment),
    Column("held_cause", Text),
    Column("cancelled_at", Moment),
    Column("cancelled_by", Text),
    Column("reversed_at", Moment),
    Column("reversed_by", Uuid),
    Column("reversed_by_number", Text),
    UniqueConstraint("number"),
    CheckConstraint(
        "status in ('draft', 'audited', 'posting', 'posted', 'reversed', 'cancelled')",
        name="status_is_known",
    ),
    CheckConstraint(
        "(status in ('posting', 'posted', 'reversed')) = (posted_at is not null)",
        name="posted_once_decided",
    ),
    CheckConstraint(
        "(status = 'reversed') = (reversed_by is not null)", name="names_what_reversed_it"
    ),
    Index(
        "ix_purchase_return_open",
        "site_id",
        postgresql_where=text("status in ('draft', 'audited', 'posting')"),
    ),
    Index("ix_purchase_return_posting", "posted_at", postgresql_where=text("status = 'posting'")),
    Index("ix_purchase_return_receipt_id", "receipt_id"),
    Index("ix_purchase_return_supplier_id_return_id", "supplier_id", "return_id"),
)

return_lines = Table(
    "purchase_return_line",
    metadata,
    Column("return_id", Uuid, ForeignKey("purchase_return.return_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("receipt_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("serials", ARRAY(Text, as_tuple=True), nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("goods_status", Choice(GoodsStatus)),
    Column("returned_before", Quantity),
    Column("unowed_quantity", Quantity),
    *(Column(f"unowed_{name}", Money) for name in AMOUNTS),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
)

reversals = Table(
    "purchase_return_reversal",
    metadata,
    Column("reversal_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("return_id", Uuid, ForeignKey("purchase_return.return_id"), nullable=False),
    Column("return_number", Text, nullable=False),
    Column("receipt_id", Uuid, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("supplier_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("drafted_at", Moment, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("status", Choice(ReversalStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("audited_at", Moment),
    Column("audited_by", Text),
    Column("posted_at", Moment),
    Column("posted_by", Text),
    Column("command_id", Uuid),
    Column("device_id", Text),
    Column("booked_at", Moment),
    Column("held_since", Moment),
    Column("held_cause", Text),
    Column("cancelled_at", Moment),
    Column("cancelled_by", Text),
    CheckConstraint(
        "status in ('draft', 'audited', 'posting', 'posted', 'cancelled')", name="status_is_known"
    ),
    CheckConstraint(
        "(status in ('posting', 'posted')) = (posted_at is not null)", name="posted_once_decided"
    ),
    UniqueConstraint("number"),
    # A return is reversed once, by one document at a time.
    Index(
        "uq_purchase_return_reversal_return",
        "return_id",
        unique=True,
        postgresql_where=text("status <> 'cancelled'"),
    ),
    Index(
        "ix_purchase_return_reversal_open",
        "site_id",
        postgresql_where=text("status in ('draft', 'audited', 'posting')"),
    ),
    Index(
        "ix_purchase_return_reversal_posting",
        "posted_at",
        postgresql_where=text("status = 'posting'"),
    ),
)

mapper.map_imperatively(ReturnReversal, reversals)
mapper.map_imperatively(ReturnLine, return_lines)
mapper.map_imperatively(
    PurchaseReturn,
    returns,
    properties={
        "lines": relationship(ReturnLine, order_by=return_lines.c.line_no, lazy="selectin")
    },
)
