"""A reservation: stock held for an order until exactly one thing ends it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.reservations.domain.refusals import (
    NotConfirmed,
    ReservationExpired,
    ReservationGone,
    ReservationShipped,
    ShipmentDiffers,
    ShippedUnitsDiffer,
)
from inventory.stock.domain import NO_BATCH, ZERO, Place

Goods = tuple[str, str]
"""Item and batch."""


class Status(StrEnum):
    """Where a reservation stands. The first two hold stock."""

    HELD = "held"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    FULFILLED = "fulfilled"


OPEN = frozenset({Status.HELD, Status.CONFIRMED})


class Reason(StrEnum):
    """Why a reservation was released."""

    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RECALLED = "recalled"
    EXCHANGED = "exchanged"
    """Its order holds something else instead, under another reservation."""


@dataclass(eq=False, slots=True)
class ReservedLine:
    """A line of a reservation in base units; `outstanding` is what it still holds."""

    line_no: int
    item_id: str
    quantity: Decimal
    outstanding: Decimal
    batch_id: str = NO_BATCH
    serials: tuple[str, ...] = ()
    unit: str | None = None
    """What was asked for, if it was another unit than the base unit, or a kit."""
    unit_quantity: Decimal | None = None
    unit_version: int | None = None
    kit_item_id: str | None = None
    """The kit that the line is a part of, if any, and the order's line that asked for it."""
    kit_line_no: int | None = None

    @property
    def is_described(self) -> bool:
        """Tell whether there is more to the line than goods and a quantity."""
        return bool(self.serials or self.unit or self.kit_item_id)

    @property
    def goods(self) -> Goods:
        """Return what the line holds some of."""
        return self.item_id, self.batch_id

    @property
    def asked(self) -> tuple[Goods, Decimal]:
        """Return what the order asked for, which is what its shipment says."""
        quantity = self.outstanding if self.unit_quantity is None else self.unit_quantity
        return (self.kit_item_id or self.item_id, self.batch_id), quantity


@dataclass(eq=False, slots=True)
class Reservation:
    """Stock of one warehouse held for one order."""

    reservation_id: UUID
    order_id: UUID
    site_id: str
    warehouse_id: str
    reserved_at: datetime
    expires_at: datetime
    status: Status = Status.HELD
    reason: Reason | None = None
    shipment_id: UUID | None = None
    lines: list[ReservedLine] = field(default_factory=list)
    _places: list[Place] = field(default_factory=list, init=False)

    def place_of(self, line: ReservedLine) -> Place:
        """Return where the goods of a line lie."""
        return Place(self.site_id, line.item_id, self.warehouse_id, line.batch_id)

    @property
    def places(self) -> list[Place]:
        """Return where the goods of the lines lie, line by line."""
        if len(self._places) != len(self.lines):
            self._places = [self.place_of(line) for line in self.lines]
        return self._places

    @property
    def is_open(self) -> bool:
        """Tell whether stock is held."""
        return self.status in OPEN

    def confirm(self, at: datetime) -> bool:
        """The order was paid; tell whether that changed anything.

        From `expires_at` on it is too late, even if nobody has released the stock yet.
        """
        facts = {"reservation_id": self.reservation_id, "expires_at": self.expires_at}
        if self.reason is Reason.EXPIRED:
            raise ReservationExpired(**facts)
        if self.status is Status.RELEASED:
            raise ReservationGone(reservation_id=self.reservation_id)
        if self.status is not Status.HELD:
            return False
        if at >= self.expires_at:
            raise ReservationExpired(**facts)
        self.status = Status.CONFIRMED
        return True

    def release(self, reason: Reason) -> dict[Goods, Decimal]:
        """Let go of the stock; return what that frees, nothing if it was done before."""
        if self.status is Status.FULFILLED:
            raise ReservationShipped(reservation_id=self.reservation_id)
        if self.status is Status.RELEASED:
            return {}
        self.status, self.reason = Status.RELEASED, reason
        return self._let_go()

    def fulfil(
        self,
        shipment_id: UUID,
        warehouse_id: str,
        shipped: Iterable[tuple[Goods, Decimal]],
        named: Mapping[Goods, Sequence[str]] | None = None,
    ) -> None:
        """All that was held has left with this shipment, which says it as held or as asked for.

        It names the units that were held by name.
        """
        if self.status is not Status.CONFIRMED:
            raise NotConfirmed(reservation_id=self.reservation_id, status=self.status.value)
        # The components of a kit are one line of the order.
        asked = {line.kit_line_no or line.line_no: line.asked for line in self.lines}
        held = [(line.goods, line.outstanding) for line in self.lines]
        as_known = (_summed(held), _summed(asked.values()))
        if warehouse_id != self.warehouse_id or _summed(shipped) not in as_known:
            raise ShipmentDiffers(shipment_id=shipment_id, reservation_id=self.reservation_id)
        self._name_units(shipment_id, named or {})
        self.status, self.shipment_id = Status.FULFILLED, shipment_id
        self._let_go()

    def _name_units(self, shipment_id: UUID, named: Mapping[Goods, Sequence[str]]) -> None:
        """Hold the rule: units held by name are those that leave; others are named now."""
        for goods in sorted({line.goods for line in self.lines} | named.keys()):
            lines = [line for line in self.lines if line.goods == goods]
            held = {serial_no for line in lines for serial_no in line.serials}
            shipped = list(named.get(goods, ()))
            free = [serial_no for serial_no in shipped if serial_no not in held]
            unnamed = [line for line in lines if not line.serials]
            room = sum((line.outstanding for line in unnamed), ZERO)
            exact = len(set(shipped)) == len(shipped) and held <= set(shipped)
            if not exact or (free and len(free) != room):
                raise ShippedUnitsDiffer(
                    shipment_id=shipment_id,
                    reservation_id=self.reservation_id,
                    item_id=goods[0],
                    missing=sorted(held - set(shipped)),
                    surplus=sorted(free),
                )
            if free:
                for line in unnamed:
                    count = int(line.outstanding)
                    line.serials, free = tuple(free[:count]), free[count:]

    def _let_go(self) -> dict[Goods, Decimal]:
        held = _summed((line.goods, line.outstanding) for line in self.lines)
        for line in self.lines:
            line.outstanding = ZERO
        return held


def _summed(lines: Iterable[tuple[Goods, Decimal]]) -> dict[Goods, Decimal]:
    totals: dict[Goods, Decimal] = {}
    for goods, quantity in lines:
        totals[goods] = totals.get(goods, ZERO) + quantity
    return totals
