"""Tables of reservations, and the mapping of the document onto them."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    Index,
    Integer,
    Table,
    Text,
    TypeDecorator,
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


class Word(TypeDecorator[Any]):
    """An enumeration kept as text: a new word needs no migration of the type."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Status] | type[Reason]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, _: Dialect) -> str | None:
        """Write the word."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, _: Dialect) -> Status | Reason | None:
        """Read the word."""
        return None if value is None else self.kind(value)


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
