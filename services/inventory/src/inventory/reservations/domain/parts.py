"""A shipment of a part of what is held: the rest goes on being held for the same order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from inventory.reservations.domain.refusals import (
    NotConfirmed,
    ReservationGone,
    RestDiffers,
    ShipmentDiffers,
    ShippedUnitsDiffer,
)
from inventory.reservations.domain.reservation import Goods, Reservation, ReservedLine, Status
from inventory.stock.domain import ZERO


@dataclass(frozen=True)
class Part:
    """How much of a line that is held has left, in base units, and which units by name."""

    line_no: int
    goods: Goods
    quantity: Decimal
    serials: tuple[str, ...] = ()


def fulfil_part(
    held: Reservation, shipment_id: UUID, warehouse_id: str, parts: Sequence[Part]
) -> None:
    """Take what has left off its lines; whichever shipment takes the last of it ends them all.

    Shipments of one order may be heard of in any order. Raises `NotConfirmed`, `ShipmentDiffers`
    where more has left than is held, `ShippedUnitsDiffer` where other units have.
    """
    if held.status is not Status.CONFIRMED:
        raise NotConfirmed(reservation_id=held.reservation_id, status=held.status.value)
    lines = {line.line_no: line for line in held.lines}
    for part in parts:
        line = lines.get(part.line_no)
        if (
            warehouse_id != held.warehouse_id
            or line is None
            or line.goods != part.goods
            or part.quantity > line.outstanding
        ):
            raise ShipmentDiffers(shipment_id=shipment_id, reservation_id=held.reservation_id)
        _must_be_its_units(held, shipment_id, line, part)
        line.outstanding -= part.quantity
        # What has left is held no longer: it may come back, and be anybody's.
        line.serials = tuple(one for one in line.serials if one not in part.serials)
    if not any(line.outstanding for line in held.lines):
        held.status, held.shipment_id = Status.FULFILLED, shipment_id


def release_rest(
    held: Reservation, shipped: Mapping[int, Decimal], shipment_id: UUID
) -> dict[int, Decimal]:
    """Let go of what no shipment has taken; return by line how much that is.

    `shipped` is what has left by line, with all shipments up to `shipment_id`, the last one: some
    of them may not have been heard of yet, and what they took goes on being held until they are.
    Raises `RestDiffers` where less has left than is booked, or more than was held.
    """
    if held.status is Status.RELEASED:
        raise ReservationGone(reservation_id=held.reservation_id)
    if held.status is Status.FULFILLED:
        return {}
    if held.status is not Status.CONFIRMED:
        raise NotConfirmed(reservation_id=held.reservation_id, status=held.status.value)
    freed, coming = dict[int, Decimal](), dict[int, Decimal]()
    for line in held.lines:
        booked = line.quantity - line.outstanding
        coming[line.line_no] = shipped.get(line.line_no, ZERO) - booked
        freed[line.line_no] = line.outstanding - coming[line.line_no]
    if min(*coming.values(), *freed.values()) < 0 or shipped.keys() - coming.keys():
        raise RestDiffers(reservation_id=held.reservation_id)
    for line in held.lines:
        line.outstanding = coming[line.line_no]
    if not any(coming.values()):
        held.status, held.shipment_id = Status.FULFILLED, shipment_id
    return {line_no: quantity for line_no, quantity in freed.items() if quantity}


def _must_be_its_units(
    held: Reservation, shipment_id: UUID, line: ReservedLine, part: Part
) -> None:
    """Raise unless the units that left are as many as said, each once, and held by name if any."""
    named = set(part.serials)
    foreign = named - set(line.serials) if line.serials else set()
    counted = len(named) == len(part.serials) == part.quantity
    if foreign or not (counted or not (part.serials or line.serials)):
        raise ShippedUnitsDiffer(
            shipment_id=shipment_id,
            reservation_id=held.reservation_id,
            item_id=line.item_id,
            missing=sorted(set(line.serials) - named),
            surplus=sorted(foreign),
        )
