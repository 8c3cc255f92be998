"""Values, the entries that made them, goods in transit, and facts that came before their turn."""

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
    text,
)

from costing.database import metadata
from servicekit.tables import Moment

Quantity = Numeric(18, 6)
Money = Numeric(20, 2)
Fine = Numeric(30, 12)
NOTHING = text("0")

valuation = Table(
    "valuation",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("value", Money, nullable=False),
    Column("carried", Fine, nullable=False),
    Column("last_cost", Quantity, nullable=False, server_default=NOTHING),
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
    Column("reason", Text),
    Column("batch_id", Text, nullable=False, server_default=text("''")),
    Column("reverses", BigInteger),
    Column("variance", Money, nullable=False, server_default=NOTHING),
    Column("dispatch_site_id", Text),
    Column("dispatch_sequence", BigInteger),
    Column("origin", BigInteger),
    Column("cost_of_sales", Money, nullable=False, server_default=NOTHING),
    Index("ix_value_entry_document_id", "document_id"),
    # What became of receipts; few of them are told of again.
    Index(
        "ix_value_entry_origin",
        "site_id",
        "item_id",
        "origin",
        postgresql_where=text("origin is not null"),
    ),
    # Entries are never changed: returns from before any could be taken back name no origin.
    Index(
        "ix_value_entry_returned",
        "site_id",
        "item_id",
        "reverses",
        postgresql_where=text("kind = 'return' and origin is null"),
    ),
)

transit = Table(
    "transit",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("to_site_id", Text, nullable=False),
    Column("to_warehouse_id", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("value", Money, nullable=False),
    Column("arrived_quantity", Quantity, nullable=False),
    Column("arrived_value", Money, nullable=False),
    Column("returned_quantity", Quantity, nullable=False),
    Column("returned_value", Money, nullable=False),
    Column("document_id", Uuid, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("posted_at", Moment, nullable=False),
    postgresql_with={"fillfactor": 80},
)
UNDER_WAY = (transit.c.quantity != transit.c.arrived_quantity + transit.c.returned_quantity) | (
    transit.c.value != transit.c.arrived_value + transit.c.returned_value
)
Index(
    "ix_transit_under_way",
    transit.c.site_id,
    transit.c.item_id,
    transit.c.sequence,
    postgresql_where=UNDER_WAY,
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
