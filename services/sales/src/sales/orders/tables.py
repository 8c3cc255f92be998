"""Sales orders, their lines and refusals, and the counters documents take their numbers from.

The site leads every key, so that a database can be split by site. Lines refer to their order
without a foreign key: they are written with it, in one transaction, and never again.
"""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from sales.channels.domain import Channel
from sales.database import Choice, Money, Quantity, mapper, metadata
from sales.orders.domain.changing import Outcome
from sales.orders.domain.lines import BatchChoice
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus, Shortage
from sales.prices.domain import Source
from servicekit.tables import Moment

sales_orders = Table(
    "sales_order",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total", Money, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("ttl_seconds", Integer, nullable=False),
    Column("channel", Choice(Channel), nullable=False, server_default="shop"),
    Column("status", Choice(OrderStatus), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    Column("reservation_id", Uuid),
    Column("expires_at", Moment),
    Column("payment_id", Uuid),
    Column("paid_at", Moment),
    Column("shipment_id", Uuid),
    Column("cause", Text),
    Column("shortage", Choice(Shortage), nullable=False, server_default="refuse"),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("wake_at", Moment),
    Column("promised_at", Moment),
    Column("from_order_id", Uuid),
    Column("back_order_id", Uuid),
    Column("amended_total", Money),
    Column("lines_from", Integer, nullable=False, server_default="1"),
    Column("on_credit", Boolean, nullable=False, server_default=false()),
    Column("closed_at", Moment),
    CheckConstraint(
        "status = 'backordered'"
        " or (due_at is not null) = (status in ('placed', 'changing', 'paying',"
        " 'cancelling'))",
        name="waits_or_rests",
    ),
    CheckConstraint(
        "reservation_id is not null"
        " or status in ('placed', 'refused', 'cancelling', 'cancelled', 'backordered')",
        name="holds_goods",
    ),
    CheckConstraint(
        "status in ('placed', 'reserved', 'refused', 'paying', 'paid', 'expired', 'cancelling',"
        " 'cancelled', 'shipped', 'backordered', 'changing')",
        name="status_is_known",
    ),
    CheckConstraint("wake_at is null or status = 'backordered'", name="sleeps_or_not"),
    UniqueConstraint("site_id", "number"),
    Index("ix_sales_order_order_id", "order_id"),
    Index(
        "ix_sales_order_open",
        "site_id",
        postgresql_where=text(
            "status in ('placed', 'reserved', 'changing', 'paying', 'paid', 'cancelling',"
            " 'backordered')"
        ),
    ),
    Index(
        "ix_sales_order_unclosed",
        "site_id",
        postgresql_where=text("status = 'shipped' and closed_at is null"),
    ),
)
Index(
    "ix_sales_order_due_at",
    sales_orders.c.due_at,
    postgresql_where=sales_orders.c.due_at.is_not(None),
)

Index(
    "ix_sales_order_wake_at",
    sales_orders.c.wake_at,
    postgresql_where=sales_orders.c.wake_at.is_not(None),
)

sales_order_lines = Table(
    "sales_order_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("amount", Money, nullable=False),
    Column("batch_id", Text, nullable=False, server_default=""),
    Column("serials", ARRAY(Text), nullable=False, server_default="{}"),
    Column("batch_choice", Choice(BatchChoice), nullable=False, server_default="named"),
    Column("gift", Boolean, nullable=False, server_default=false()),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("amount >= 0", name="amount_is_not_negative"),
)

held_lines = Table(
    "sales_order_held_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("order_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("serials", ARRAY(Text), nullable=False),
    Column("unit_version", Integer),
    Column("expires_on", Date),
    Column("sellable_until", Date),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
)

refusals = Table(
    "sales_order_refusal",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("problem", JSONB, nullable=False),
)

back_order_goods = Table(
    "back_order_goods",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("batch_id", Text, primary_key=True),
    Column("warehouse_id", Text, nullable=False),
    Column("promised_at", Moment, nullable=False),
    # A queue for each kind of goods.
    Index(
        "ix_back_order_goods_queue",
        "site_id",
        "warehouse_id",
        "item_id",
        "batch_id",
        "promised_at",
        "order_id",
    ),
)

back_order_tries = Table(
    "back_order_try",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("tried_at", Moment, nullable=False),
    Column("problem", JSONB, nullable=False),
)

rests = Table(
    "sales_order_rest",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("cancelled_at", Moment, nullable=False),
    Column("cancelled_by", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("shipment_id", Uuid, nullable=False),
    Column("shipped", JSONB, nullable=False),
    CheckConstraint("amount >= 0", name="amount_is_not_negative"),
)

document_counters = Table(
    "document_counter",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("prefix", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

line_prices = Table(
    "sales_order_line_price",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("source", Choice(Source), nullable=False),
    Column("level", Text, nullable=False),
    Column("unit_price", Quantity, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("promotion_id", Uuid),
    Column("percent_off", Numeric(5, 2)),
    CheckConstraint(
        "(source = 'promotion') = (promotion_id is not null and percent_off is not null)",
        name="names_its_promotion",
    ),
)

order_changes = Table(
    "sales_order_change",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("change_no", Integer, primary_key=True),
    Column("change_id", Uuid, nullable=False),
    Column("round", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("lines_from", Integer, nullable=False),
    Column("total_before", Money, nullable=False),
    Column("total", Money, nullable=False),
    Column("promised_at", Moment),
    Column("swap", Boolean, nullable=False, server_default=false()),
    Column("paid_besides", Money),
    Column("paid_back", Money),
    Column("outcome", Choice(Outcome), nullable=False),
    Column("decided_at", Moment),
    Column("problem", JSONB(none_as_null=True)),
    CheckConstraint("outcome in ('pending', 'done', 'refused', 'lapsed')", name="outcome_is_known"),
    CheckConstraint("(outcome = 'pending') = (decided_at is null)", name="decided_once"),
    CheckConstraint("(outcome = 'refused') = (problem is not null)", name="says_why"),
)

# What is wanted, until it takes the place of the order's lines; and who wanted what, after that.
order_change_lines = Table(
    "sales_order_change_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("change_no", Integer, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("amount", Money, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("serials", ARRAY(Text), nullable=False),
    Column("batch_choice", Choice(BatchChoice), nullable=False, server_default="named"),
    Column("gift", Boolean, nullable=False, server_default=false()),
    Column("substitute_for", Text),
    Column("source", Choice(Source)),
    Column("level", Text),
    Column("unit_price", Quantity),
    Column("valid_from", Date),
    Column("promotion_id", Uuid),
    Column("percent_off", Numeric(5, 2)),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("amount >= 0", name="amount_is_not_negative"),
)

# What is to be held for the same lines; what was in hand is to be picked once it is.
swap_lines = Table(
    "sales_order_swap_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("change_no", Integer, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("order_line_no", Integer, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("serials", ARRAY(Text), nullable=False),
    Column("unit_version", Integer),
    Column("gift", Boolean, nullable=False),
    Column("in_hand", Quantity),
    Column("serials_in_hand", ARRAY(Text), nullable=False),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("in_hand > 0 and in_hand <= quantity", name="holds_what_is_in_hand"),
)

mapper.map_imperatively(SalesOrder, sales_orders)
