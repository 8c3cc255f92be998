"""Requests for goods from wherever they are, their lines and orders, and whom a site prefers."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
)
from sqlalchemy.dialects.postgresql import JSONB

from sales.channels.domain import Channel
from sales.database import Choice, Money, Quantity, mapper, metadata
from sales.sourcing.domain.request import SourcingRequest
from sales.sourcing.domain.sources import Mode, Rule
from sales.sourcing.domain.states import RequestStatus
from servicekit.tables import Moment

preferences = Table(
    "sourcing_preference",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("sources", ARRAY(Text), nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
)

requests = Table(
    "sourcing_request",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("request_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("channel", Choice(Channel), nullable=False),
    Column("mode", Choice(Mode), nullable=False),
    Column("total", Money, nullable=False),
    Column("ttl_seconds", Integer, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("status", Choice(RequestStatus), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("tried", JSONB, nullable=False),
    Column("rule", Choice(Rule)),
    Column("considered", JSONB, nullable=False),
    Column("problem", JSONB(none_as_null=True)),
    Column("payment_id", Uuid),
    Column("on_credit", Boolean, nullable=False, server_default=false()),
    Column("cause", Text),
    Column("waits", Integer, nullable=False),
    Column("due_at", Moment),
    CheckConstraint(
        "status in ('placing', 'held', 'refused', 'paying', 'paid', 'cancelling', 'cancelled')",
        name="status_is_known",
    ),
    CheckConstraint(
        "(due_at is not null) = (status in ('placing', 'paying', 'cancelling'))",
        name="waits_or_rests",
    ),
    UniqueConstraint("site_id", "number"),
    Index("ix_sourcing_request_request_id", "request_id"),
)
Index(
    "ix_sourcing_request_due_at",
    requests.c.due_at,
    postgresql_where=requests.c.due_at.is_not(None),
)

lines = Table(
    "sourcing_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("request_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("amount", Money, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("substitute_for", Text),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("amount >= 0", name="amount_is_not_negative"),
)

orders = Table(
    "sourcing_order",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("request_id", Uuid, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("source_site_id", Text, nullable=False),
    Column("source_warehouse_id", Text, nullable=False),
    Column("distance_m", Integer),
    # Of each line of the order, in their order: which line of the request it is a part of.
    Column("line_nos", ARRAY(Integer), nullable=False),
    Index("ix_sourcing_order_order_id", "order_id"),
)

mapper.map_imperatively(SourcingRequest, requests)
