"""Counter sales. A basket is kept whole as its till told it: it is only ever read whole.

What came back of one that has no shipment is counted line by line.
"""

from sqlalchemy import (
    Boolean,
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
from sqlalchemy.dialects.postgresql import JSONB

from sales.counter.domain.sale import Money as MoneyFate
from sales.counter.domain.sale import SaleStatus
from sales.database import Choice, Money, Quantity, metadata
from servicekit.tables import Moment

KEPT_LINES = """(
    select counter_sale.*, line.* from counter_sale
    cross join lateral jsonb_to_recordset(counter_sale.lines)
        as line (line_no integer, item_id text, unit text, quantity numeric, amount numeric)
    where money = 'kept'
)"""
"""The lines of baskets that nothing covers, and whose money was kept."""
IS_UNFINISHED = text("status in ('open', 'uncovered')")

sales = Table(
    "counter_sale",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("sale_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("basket_no", Text),
    Column("customer_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total", Money, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("sold_at", Moment, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("status", Choice(SaleStatus), nullable=False),
    Column("round", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    Column("command_id", Uuid),
    Column("cause", Text),
    Column("problem", JSONB(none_as_null=True)),
    Column("shipment_id", Uuid),
    Column("closed_at", Moment),
    Column("closed_by", Text),
    Column("reason", Text),
    Column("money", Choice(MoneyFate)),
    CheckConstraint(
        "status in ('open', 'sold', 'refused', 'uncovered', 'written_off')",
        name="status_is_known",
    ),
    CheckConstraint("(due_at is not null) = (status = 'open')", name="waits_or_rests"),
    CheckConstraint("(shipment_id is not null) = (status = 'sold')", name="ships_once_sold"),
    CheckConstraint(
        "(status = 'written_off') = (reason is not null)", name="is_written_off_with_a_reason"
    ),
    CheckConstraint("money in ('kept', 'refunded')", name="money_is_known"),
    CheckConstraint("money is null or status = 'written_off'", name="money_is_of_a_write_off"),
    CheckConstraint("not is_late or basket_no is not null", name="is_known_by_its_number"),
    UniqueConstraint("site_id", "number"),
    Index("ix_counter_sale_sale_id", "sale_id"),
    Index("ix_counter_sale_unfinished", "site_id", "sale_id", postgresql_where=IS_UNFINISHED),
    Index("ix_counter_sale_due_at", "due_at", postgresql_where=text("due_at is not null")),
    Index(
        "uq_counter_sale_basket",
        "site_id",
        "device",
        "basket_no",
        unique=True,
        postgresql_where=text("is_late"),
    ),
    Index("ix_counter_sale_kept", "site_id", "sold_at", postgresql_where=text("money = 'kept'")),
    # A sale is written twice, and its second form should find room beside the first.
    postgresql_with={"fillfactor": 60},
)

take_backs = Table(
    "counter_sale_take_back",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("take_back_id", Uuid, primary_key=True),
    Column("sale_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("reason", Text, nullable=False),
    Column("taken_back_at", Moment, nullable=False),
    Column("taken_back_by", Text, nullable=False),
    CheckConstraint("amount >= 0", name="amount_is_not_negative"),
    Index("ix_counter_sale_take_back_sale_id", "sale_id", "take_back_id"),
    Index("ix_counter_sale_take_back_taken_back_at", "site_id", "taken_back_at"),
)

take_back_lines = Table(
    "counter_sale_take_back_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("sale_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("take_back_id", Uuid, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("amount", Money, nullable=False),
    CheckConstraint("quantity > 0", name="quantity_is_positive"),
    CheckConstraint("amount >= 0", name="amount_is_not_negative"),
)
