"""Shipments: what left, for which order. They are never changed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from sales.orders.domain.lines import HeldLine, OrderLine
from servicekit.errors import Kind, Refusal

CENT = Decimal("0.01")


class UnknownShipment(Refusal):
    """There is no such shipment."""

    kind = Kind.NOT_FOUND
    code = "unknown_shipment"
    en = "There is no shipment {shipment_id}."
    zh = "没有发货单 {shipment_id}。"


@dataclass(frozen=True, kw_only=True)
class ShipmentLine:
    """A line of a shipment; `amount` is what the customer paid for it."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    amount: Decimal
    batch_id: str = ""
    serials: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """A shipment with its lines."""

    shipment_id: UUID
    number: str
    order_id: UUID
    reservation_id: UUID
    site_id: str
    warehouse_id: str
    currency: str
    posted_at: datetime
    posted_by: str
    lines: tuple[ShipmentLine, ...]


def lines_leaving(
    ordered: Sequence[OrderLine], held: Sequence[HeldLine], units: Mapping[str, str]
) -> tuple[ShipmentLine, ...]:
    """Return what leaves: exactly what is held, in base units, with the amounts of the order."""
    parts = defaultdict[int, list[HeldLine]](list)
    for one in held:
        parts[one.order_line_no].append(one)
    leaving = [
        ShipmentLine(
            line_no=part.line_no,
            item_id=part.item_id,
            unit=units[part.item_id],
            quantity=part.quantity,
            amount=amount,
            batch_id=part.batch_id,
            serials=part.serials,
        )
        for line in ordered
        for part, amount in _shares(line.amount, parts[line.line_no])
    ]
    return tuple(sorted(leaving, key=lambda line: line.line_no))


def _shares(amount: Decimal, parts: Sequence[HeldLine]) -> Iterator[tuple[HeldLine, Decimal]]:
    """Share an amount in proportion to base quantities, to the cent; the last takes the rest."""
    whole, rest = sum(part.quantity for part in parts), amount
    for part in parts[:-1]:
        share = (amount * part.quantity / whole).quantize(CENT, ROUND_DOWN)
        rest -= share
        yield part, share
    for last in parts[-1:]:
        yield last, rest


def held_as_ordered(ordered: Sequence[OrderLine]) -> list[HeldLine]:
    """Return what is held for an order from before that was kept: just what it asked for."""
    return [
        HeldLine(
            line_no=line.line_no,
            order_line_no=line.line_no,
            item_id=line.item_id,
            quantity=line.quantity,
            batch_id=line.batch_id,
            serials=line.serials,
        )
        for line in ordered
    ]
