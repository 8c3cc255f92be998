"""Returns and their lines: what came back is written once, and then only taken its steps."""

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
    and_,
    text,
)
from sqlalchemy.orm import foreign, relationship

from sales.database import Choice, Money, Quantity, mapper, metadata
from sales.returns.domain.customer_return import CustomerReturn, ReturnLine
from sales.returns.domain.reversal import ReturnReversal, ReversalStatus
from sales.returns.domain.states import ReturnCause, ReturnStatus
from servicekit.tables import Moment

returns = Table(
    "customer_return",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("return_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("cause", Choice(ReturnCause), nullable=False),
    Column("shipment_id", Uuid, nullable=False),
    Column("shipment_number", Text, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reason", Text),
    Column("returned_at", Moment, nullable=False),
    Column("returned_by", Text, nullable=False),
    Column("device_id", Text),
    Column("status", Choice(ReturnStatus), nullable=False),
    Column("version", Integer, nullable=False),
    Column("audited_at", Moment),
    Column("audited_by", Text),
    Column("posted_at", Moment),
    Column("posted_by", Text),
    Column("booked_at", Moment),
    Column("cancelled_at", Moment),
    Column("cancelled_by", Text),
    Column("refund", Money),
    Column("exchange_order_id", Uuid),
    Column("reversed_at", Moment),
    Column("reversed_by", Uuid),
    Column("reversed_by_number", Text),
    CheckConstraint(
        "status in ('draft', 'audited', 'posting', 'posted', 'reversed', 'cancelled')",
        name="status_is_known",
    ),
    CheckConstraint(
        "(refund is not null) = (status in ('posting', 'posted', 'reversed'))",
        name="refunds_once_posted",
    ),
    CheckConstraint(
        "(status = 'reversed') = (reversed_by is not null)", name="names_what_reversed_it"
    ),
    UniqueConstraint("site_id", "number"),
    Index(
        "ix_customer_return_open",
        "site_id",
        postgresql_where=text("status in ('draft', 'audited', 'posting')"),
    ),
    Index("ix_customer_return_return_id", "return_id"),
    Index("ix_customer_return_shipment_id", "shipment_id"),
)

return_lines = Table(
    "customer_return_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("return_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("shipment_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("serials", ARRAY(Text, as_tuple=True), nullable=False),
    Column("returned_before", Quantity),
    Column("amount", Money),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("amount >= 0", name="amount_is_not_negative"),
)

reversals = Table(
    "return_reversal",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("reversal_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("return_id", Uuid, nullable=False),
    Column("return_number", Text, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("customer_id", Text, nullable=False),
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
    UniqueConstraint("site_id", "number"),
    # A return is reversed once, by one document at a time.
    Index(
        "uq_return_reversal_return",
        "site_id",
        "return_id",
        unique=True,
        postgresql_where=text("status <> 'cancelled'"),
    ),
    Index(
        "ix_return_reversal_open",
        "site_id",
        postgresql_where=text("status in ('draft', 'audited', 'posting')"),
    ),
    Index("ix_return_reversal_posting", "posted_at", postgresql_where=text("status = 'posting'")),
    Index("ix_return_reversal_reversal_id", "reversal_id"),
    Index("ix_return_reversal_return_id", "return_id"),
)

mapper.map_imperatively(ReturnReversal, reversals)
mapper.map_imperatively(ReturnLine, return_lines)
mapper.map_imperatively(
    CustomerReturn,
    returns,
    properties={
        "lines": relationship(
            ReturnLine,
            primaryjoin=and_(
                foreign(return_lines.c.site_id) == returns.c.site_id,
                foreign(return_lines.c.return_id) == returns.c.return_id,
            ),
            order_by=return_lines.c.line_no,
            lazy="selectin",
        )
    },
)
