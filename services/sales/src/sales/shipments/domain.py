"""Shipments: what left, for which order; never changed but for who signed for it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
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


class UnknownShipmentNumber(Refusal):
    """No shipment has this number."""

    kind = Kind.NOT_FOUND
    code = "unknown_shipment_number"
    en = "There is no shipment {number}. Check the number against the paper."
    zh = "没有编号为 {number} 的发货单。请与单据核对编号。"


class SignedForAlready(Refusal):
    """A shipment is signed for once."""

    kind = Kind.CONFLICT
    code = "signed_for_already"
    en = (
        "Shipment {number} was signed for by {signed_by} at {signed_at}. What came back of it since"
        " is a customer's return."
    )
    zh = "发货单 {number} 已由 {signed_by} 于 {signed_at} 签收。之后退回的货品请按客户退货处理。"


class SignedOutOfTime(Refusal):
    """Nobody signs for goods before they leave, or tomorrow."""

    code = "signed_out_of_time"
    en = (
        "Shipment {number} left at {posted_at} and it is {now}: it can't have been signed for at"
        " {signed_at}. Check the clock of the device."
    )
    zh = (
        "发货单 {number} 于 {posted_at} 发出，当前时间为 {now}：签收时间 {signed_at} 不成立。"
        "请检查设备时钟。"
    )


class ShipmentCameBack(Refusal):
    """What is back in the warehouse was not delivered."""

    kind = Kind.CONFLICT
    code = "shipment_came_back"
    en = "All of shipment {number} came back by {came_back_at}: there is nothing to sign for."
    zh = "发货单 {number} 的全部货品已于 {came_back_at} 退回，无可签收。"


class SignedVia(StrEnum):
    """How it is known that a customer has the goods."""

    SCAN = "scan"  # the driver scanned the paper
    LINK = "link"  # the customer followed the link
    CARRIER = "carrier"  # the carrier's file says so
    COUNTER = "counter"  # the customer took the goods at the till


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who took the goods, when, how that is known, and where the proof is."""

    signed_at: datetime
    signed_by: str
    signed_via: SignedVia
    proof: str | None
    noted_at: datetime
    noted_by: str


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
    signed_at: datetime | None = None
    signed_by: str | None = None
    signed_via: SignedVia | None = None
    proof: str | None = None
    noted_at: datetime | None = None
    noted_by: str | None = None
    device_id: str | None = None
    """The registered device that it was posted with; at the counter, the till."""
    came_back_at: datetime | None = None
    """When all of it was back again, if nobody signed for it before."""

    def signed(self, by: Signature) -> "Shipment | None":
        """Return the shipment signed for, or None if it was by this very signature before."""
        if (self.signed_at, self.signed_by) == (by.signed_at, by.signed_by):
            return None
        self.must_not_be_signed_for()
        if self.came_back_at is not None:
            raise ShipmentCameBack(number=self.number, came_back_at=self.came_back_at)
        if not self.posted_at <= by.signed_at <= by.noted_at:
            raise SignedOutOfTime(
                number=self.number,
                posted_at=self.posted_at,
                now=by.noted_at,
                signed_at=by.signed_at,
            )
        return replace(self, **vars(by))

    def must_not_be_signed_for(self) -> None:
        """Raise if the customer has the goods."""
        if self.signed_at is not None:
            raise SignedForAlready(
                number=self.number, signed_by=self.signed_by, signed_at=self.signed_at
            )


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
