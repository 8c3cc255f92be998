"""Tables of reservations, and the mapping of the document onto them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Enum,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    and_,
    text,
)
from sqlalchemy.orm import foreign, relationship

from inventory.database import mapping, metadata
from inventory.reservations.domain.reservation import Reason, Reservation, ReservedLine, Status
from inventory.stock.tables import LineQuantity
from servicekit.tables import Moment

IS_OPEN = text("status in ('held', 'confirmed')")


def _words(words: type[Status] | type[Reason]) -> Enum:
    """Keep an enumeration as text: new words need no migration of the type."""
    return Enum(
        words,
        native_enum=False,
        length=20,
        values_callable=lambda kind: [one.value for one in kind],
    )


reservation = Table(
    "reservation",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("reservation_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("warehouse_id", Text, nullable=False),
    Column("reserved_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("status", _words(Status), nullable=False),
    Column("reason", _words(Reason)),
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
    Column("quantity", LineQuantity, nullable=False),
    Column("outstanding", LineQuantity, nullable=False),
    CheckConstraint("outstanding between 0 and quantity", name="outstanding"),
    # Who holds an item is asked in every refusal; what no longer holds anything is not in it.
    Index(
        "ix_reservation_line_holding",
        "site_id",
        "item_id",
        "warehouse_id",
        postgresql_where=text("outstanding > 0"),
    ),
    postgresql_with={"fillfactor": 80},
)

mapping.map_imperatively(ReservedLine, reservation_line)
mapping.map_imperatively(
    Reservation,
    reservation,
    properties={
        # The store writes new lines itself; the relationship only reads them.
        "lines": relationship(
            ReservedLine,
            primaryjoin=and_(
                foreign(reservation_line.c.site_id) == reservation.c.site_id,
                foreign(reservation_line.c.reservation_id) == reservation.c.reservation_id,
            ),
            order_by=reservation_line.c.line_no,
            lazy="selectin",
            viewonly=True,
        )
    },
)
