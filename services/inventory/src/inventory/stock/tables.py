"""Tables of the books. Hot: no foreign keys, no index that isn't read, room for HOT updates."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from inventory.database import Word, mapping, metadata
from inventory.stock.domain import Batch, SerialState, SerialUnit
from servicekit.tables import Moment

LineQuantity = Numeric(18, 6)
Total = Numeric(24, 6)
CHANGE = "case when source is null then quantity when target is null then -quantity else 0 end"
"""What an entry adds to the stock on hand."""

held_receipt = Table(
    "held_receipt",
    metadata,
    Column("parked_id", BigInteger, primary_key=True, autoincrement=False),
    Column("error", Text, nullable=False),
)
"""Parked receipts that were told of, and what was told."""

stock_stream = Table(
    "stock_stream",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("last_sequence", BigInteger, nullable=False),
    Column("last_hash", LargeBinary, nullable=False),
    postgresql_with={"fillfactor": 90},
)

stock_balance = Table(
    "stock_balance",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("batch_id", Text, primary_key=True),
    Column("on_hand", Total, nullable=False),
    Column("allocated", Total, nullable=False),
    Column("in_inspection", Total, nullable=False),
    Column("frozen", Total, nullable=False),
    CheckConstraint(
        "on_hand >= 0 and allocated >= 0 and in_inspection >= 0 and frozen >= 0",
        name="not_negative",
    ),
    CheckConstraint("on_hand - allocated - in_inspection - frozen >= 0", name="available"),
    postgresql_with={"fillfactor": 90},
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("warehouse_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("quantity", LineQuantity, nullable=False),
    Column("source", Text),
    Column("target", Text),
    Column("change", LineQuantity, Computed(CHANGE)),
    Column("document_id", Uuid, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("effective_at", Moment, nullable=False),
    Column("posted_at", Moment, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("device_id", Text),
    Column("rule", Text),
    Column("reverses", BigInteger),
    Column("hash", LargeBinary, nullable=False),
    Column("serials", ARRAY(Text)),
    CheckConstraint(
        "case kind when 'revaluation' then quantity = 0 else quantity > 0 end", name="quantity"
    ),
    CheckConstraint("source is distinct from target or kind = 'revaluation'", name="moves"),
)

# What the ledger adds up to, page by page; only the past is read from it.
stock_page = Table(
    "stock_page",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("opens_after", BigInteger, nullable=False),
    Column("earliest_at", Moment, nullable=False),
    Column("latest_at", Moment, nullable=False),
)

stock_closing = Table(
    "stock_closing",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("batch_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("on_hand", Total, nullable=False),
    Column("in_inspection", Total, nullable=False),
    Column("frozen", Total, nullable=False),
    Column("moved_by", BigInteger, nullable=False),
    Column("moved_at", Moment, nullable=False),
)

booked_document = Table(
    "booked_document",
    metadata,
    Column("document_id", Uuid, primary_key=True),
    Column("booked_at", Moment, nullable=False),
)

batch = Table(
    "batch",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("batch_id", Text, primary_key=True),
    Column("manufactured_on", Date),
    Column("expires_on", Date),
    Column("process_version", Text),
    Column("attributes", JSONB, nullable=False),
    Column("blocked", Boolean, nullable=False, server_default=false()),
    Column("blocked_by", Text),
    Column("blocked_because", Text),
)

called_back_units = Table(
    "called_back_units",
    metadata,
    Column("recall", Text, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("first_serial", Text, nullable=False),
    Column("last_serial", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_called_back_units_item_id", "item_id"),
)

serial_unit = Table(
    "serial_unit",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("serial_no", Text, primary_key=True),
    Column("batch_id", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("state", Word(SerialState), nullable=False),
    Column("trace_code", Text),
    Column("was", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    UniqueConstraint("trace_code"),
    # A number is all that a scanner sees of a unit.
    Index("ix_serial_unit_serial_no", "serial_no"),
    # Units are called back from one number to another.
    Index("ix_serial_unit_order", "item_id", text("serial_order(serial_no)")),
)

mapping.map_imperatively(Batch, batch)
mapping.map_imperatively(SerialUnit, serial_unit)

# Goods belong to the site that waits for them: it asks what is coming, and books what arrives.
stock_in_transit = Table(
    "stock_in_transit",
    metadata,
    Column("to_site_id", Text, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("item_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("from_site_id", Text, nullable=False),
    Column("from_warehouse_id", Text, nullable=False),
    Column("to_warehouse_id", Text, nullable=False),
    Column("dispatch_sequence", BigInteger, nullable=False),
    Column("dispatched_at", Moment, nullable=False),
    Column("expected_at", Moment),
    Column("dispatched", LineQuantity, nullable=False),
    Column("outstanding", LineQuantity, nullable=False),
    Column("tolerated", LineQuantity, nullable=False),
    Column("surplus", LineQuantity, nullable=False),
    Column("serials", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("settled", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    CheckConstraint("outstanding between 0 and dispatched", name="outstanding"),
    CheckConstraint("surplus between 0 and tolerated", name="surplus"),
    Index(
        "ix_stock_in_transit_outstanding",
        "to_site_id",
        "item_id",
        postgresql_where=text("outstanding > 0"),
    ),
)
