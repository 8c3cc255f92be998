"""Levels of customers, prices, promotions."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Numeric, Table, Text, Uuid

from sales.database import Choice, Quantity, metadata
from sales.prices.domain import Scope
from servicekit.tables import Moment

levels = Table(
    "customer_level",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
)

prices = Table(
    "sales_price",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("from_quantity", Quantity, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("unit_price", Quantity, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
    CheckConstraint("from_quantity >= 0 and unit_price >= 0", name="nothing_is_negative"),
    CheckConstraint("valid_to >= valid_from", name="days_are_in_order"),
)

promotions = Table(
    "promotion",
    metadata,
    Column("promotion_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scope", Choice(Scope), nullable=False),
    Column("scope_name", Text, nullable=False),
    Column("percent_off", Numeric(5, 2), nullable=False),
    Column("level", Text),
    Column("site_id", Text),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
    CheckConstraint("percent_off > 0 and percent_off <= 100", name="takes_a_share_off"),
    CheckConstraint("(scope = 'general') = (scope_name = '')", name="scope_is_named"),
    # Those that are over stay, as orders name them; they are not read any more.
    Index("ix_promotion_ends_at", "ends_at"),
)
