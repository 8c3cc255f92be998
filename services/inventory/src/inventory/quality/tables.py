"""Tables of quality, and the mapping of its objects onto them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from inventory.database import Word, mapping, metadata
from inventory.devices.tables import Measured, cold_chain_breach
from inventory.quality.domain.conditions import Breach, Watch
from inventory.quality.domain.inspection import Decision, Held
from inventory.quality.domain.recall import Delivery, Fate, Outcome, Recall, RecallClass
from inventory.stock.tables import LineQuantity, Total, batch, ledger_entry, stock_balance
from servicekit.tables import Moment

inspection = Table(
    "inspection",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("inspection_id", Uuid, primary_key=True),
    Column("warehouse_id", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("source", Word(Held), nullable=False),
    Column("inspected_at", Moment, nullable=False),
    Column("inspector", Text, nullable=False),
    Column("sample_size", LineQuantity),
    Column("findings", Text),
    Column("attachments", ARRAY(Uuid), nullable=False),
    Column("document_id", Uuid),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Index("ix_inspection_inspection_id", "inspection_id"),
)

inspection_part = Table(
    "inspection_part",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("inspection_id", Uuid, primary_key=True),
    Column("part_no", Integer, primary_key=True, autoincrement=False),
    Column("decision", Word(Decision), nullable=False),
    Column("quantity", LineQuantity, nullable=False),
    Column("reason", Text),
    Column("serials", ARRAY(Text), nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
)

condition_limit = Table(
    "condition_limit",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("lowest_temperature", Measured),
    Column("highest_temperature", Measured),
    Column("temperature_hysteresis", Measured, nullable=False),
    Column("lowest_humidity", Measured),
    Column("highest_humidity", Measured),
    Column("humidity_hysteresis", Measured, nullable=False),
    Column("tolerated_minutes", Integer, nullable=False),
    Column("silent_after_minutes", Integer, nullable=False, server_default=text("60")),
    Column("set_by", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
)

condition_watch = Table(
    "condition_watch",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("device_id", Text, primary_key=True),
    Column("last_at", Moment),
    Column("outside_since", Moment),
    Column("breach_id", Uuid),
    Column("heard_at", Moment),
    Column("silent_since", Moment),
    postgresql_with={"fillfactor": 80},
)

# Grows with time and is cut off at its old end: the range index on time stays tiny.
condition_reading = Table(
    "condition_reading",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("device_id", Text, primary_key=True),
    Column("temperature", Measured, nullable=False),
    Column("humidity", Measured),
    Column("received_at", Moment, nullable=False),
    Index("ix_condition_reading_received_at", "received_at", postgresql_using="brin"),
)

# What people let go while a breach lasts; whoever finds less of it there lowers it.
let_go_in_breach = Table(
    "let_go_in_breach",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("warehouse_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("batch_id", Text, primary_key=True),
    Column("quantity", Total, nullable=False),
    Column("serials", ARRAY(Text), nullable=False),
)

expiry_notice = Table(
    "expiry_notice",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("batch_id", Text, primary_key=True),
    # A batch whose date is corrected is another matter.
    Column("expires_on", Date, primary_key=True),
    # -1 once it is past its expiry.
    Column("within_days", Integer, primary_key=True, autoincrement=False),
    Column("noticed_at", Moment, nullable=False),
)

recall = Table(
    "recall",
    metadata,
    Column("recall_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("recall_class", Word(RecallClass), nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_at", Moment, nullable=False),
    Column("batches", ARRAY(Text), nullable=False),
    Column("first_serial", Text),
    Column("last_serial", Text),
    Column("outcome", Word(Outcome)),
    Column("closed_by", Text),
    Column("closed_at", Moment),
    UniqueConstraint("number"),
)

recall_delivery = Table(
    "recall_delivery",
    metadata,
    Column("recall_id", Uuid, primary_key=True),
    Column("site_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("quantity", LineQuantity, nullable=False),
    Column("document_id", Uuid, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("shipped_at", Moment, nullable=False),
    Column("order_id", Uuid),
    Column("recovered", LineQuantity, nullable=False),
    Column("written_off", LineQuantity, nullable=False),
    CheckConstraint(
        "recovered >= 0 and written_off >= 0 and recovered + written_off <= quantity",
        name="outstanding",
    ),
)

recall_return = Table(
    "recall_return",
    metadata,
    Column("recall_id", Uuid, primary_key=True),
    Column("return_id", Uuid, primary_key=True),
    Column("site_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("fate", Word(Fate), nullable=False),
    Column("quantity", LineQuantity, nullable=False),
    Column("document_id", Uuid),
    Column("note", Text),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    # The ledger's number of what counts by itself, and of the return that it takes back.
    Column("entry", BigInteger),
    Column("undoes", BigInteger),
    CheckConstraint("quantity > 0", name="quantity"),
)

recall_reservation = Table(
    "recall_reservation",
    metadata,
    Column("recall_id", Uuid, primary_key=True),
    Column("site_id", Text, primary_key=True),
    Column("reservation_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("quantity", Total, nullable=False),
    Column("released_at", Moment, nullable=False),
)

# Few batches are blocked, and they are looked for again and again.
Index("ix_batch_blocked", batch.c.item_id, batch.c.batch_id, postgresql_where=text("blocked"))
# What waits for an inspection is little of what is in stock, and is asked for every minute.
Index(
    "ix_stock_balance_in_inspection",
    stock_balance.c.site_id,
    stock_balance.c.item_id,
    stock_balance.c.warehouse_id,
    stock_balance.c.batch_id,
    postgresql_where=text("in_inspection > 0"),
)
# Whatever waits for an inspection is found by what brought it, without reading the whole stream.
Index(
    "ix_ledger_entry_into_inspection",
    ledger_entry.c.site_id,
    ledger_entry.c.item_id,
    ledger_entry.c.warehouse_id,
    ledger_entry.c.batch_id,
    ledger_entry.c.sequence,
    postgresql_where=text("target = 'in_inspection'"),
)

mapping.map_imperatively(Watch, condition_watch)
mapping.map_imperatively(Breach, cold_chain_breach)
mapping.map_imperatively(Recall, recall)
mapping.map_imperatively(Delivery, recall_delivery)
