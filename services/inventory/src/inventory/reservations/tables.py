"""Tables of reservations. Hot: the store reads and writes them in sets, nothing is mapped."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)

from inventory.database import Word, metadata
from inventory.reservations.domain.reservation import Reason, Status
from inventory.stock.tables import LineQuantity
from servicekit.tables import Moment

IS_OPEN = text("status in ('held', 'confirmed')")


reservation = Table(
    "reservation",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("reservation_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("reserved_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("reason", Word(Reason)),
    Column("shipment_id", Uuid),
    CheckConstraint("(status = 'released') = (reason is not null)", name="reason"),
    CheckConstraint("(status = 'fulfilled') = (shipment_id is not null)", name="shipment"),
    Index("ix_reservation_reservation_id", "reservation_id"),
    Index("uq_reservation_open_order", "order_id", unique=True, postgresql_where=IS_OPEN),
    Index("ix_reservation_expiry", "expires_at", postgresql_where=text("status = 'held'")),
    postgresql_with={"fillfactor": 80},
)

reservation_line = Table(
    "reservation_line",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("reservation_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("item_id", Text, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("quantity", LineQuantity, nullable=False),
    Column("outstanding", LineQuantity, nullable=False),
    Column("serials", ARRAY(Text)),
    Column("unit", Text),
    Column("unit_quantity", LineQuantity),
    Column("unit_version", Integer),
    Column("kit_item_id", Text),
    Column("kit_line_no", Integer),
    CheckConstraint("outstanding between 0 and quantity", name="outstanding"),
    # Who holds a batch is asked in every refusal; what no longer holds anything is not in it.
    Index(
        "ix_reservation_line_held",
        "site_id",
        "item_id",
        "warehouse_id",
        "batch_id",
        postgresql_where=text("outstanding > 0"),
    ),
    postgresql_with={"fillfactor": 80},
)

# A reservation names only the shipment that ended it: an order may have left with several.
order_shipment = Table(
    "order_shipment",
    metadata,
    Column("shipment_id", Uuid, primary_key=True),
    Column("site_id", Text, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("reservation_id", Uuid, nullable=False),
)

# The entry of a customer's return, and the one by which its goods had left, of the same stream; or
# an entry that undoes one of a return.
entry_of_return = Table(
    "entry_of_return",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("left_by", BigInteger, nullable=False),
    Column("undoes", BigInteger),
    Index("ix_entry_of_return_left_by", "site_id", "item_id", "left_by"),
)
