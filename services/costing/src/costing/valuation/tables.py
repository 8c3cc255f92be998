"""Values, the entries that made them, and facts that came before their turn."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    Uuid,
)

from costing.database import metadata
from servicekit.tables import Moment

Quantity = Numeric(18, 6)
Money = Numeric(20, 2)
Fine = Numeric(30, 12)

valuation = Table(
    "valuation",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("value", Money, nullable=False),
    Column("carried", Fine, nullable=False),
    CheckConstraint("quantity >= 0", name="quantity"),
    CheckConstraint("quantity > 0 or value = 0", name="no_value_without_stock"),
    postgresql_with={"fillfactor": 80},
)

value_entry = Table(
    "value_entry",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("value", Money, nullable=False),
    Column("unit_cost", Numeric(18, 6), nullable=False),
    Column("quantity_after", Quantity, nullable=False),
    Column("value_after", Money, nullable=False),
    Column("document_id", Uuid, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("order_id", Uuid),
    Column("posted_at", Moment, nullable=False),
    Column("costed_at", Moment, nullable=False),
    Index("ix_value_entry_document_id", "document_id"),
)

pending_fact = Table(
    "pending_fact",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("type", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_pending_fact_since", "since"),
)
