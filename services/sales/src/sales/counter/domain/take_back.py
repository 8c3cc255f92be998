"""What came back of a basket whose money was kept though nothing covers it: what is paid back.

No shipment says that its goods left, so they don't come back to the books either: a count finds
them, or an adjustment says it. The money does: it was revenue, and is no longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sales.counter.domain.sale import CounterSale, Money, SaleStatus
from sales.counter.domain.take_back_refusals import (
    SaleHasShipment,
    SaleNotKept,
    SaleStillUncovered,
    TakeBackExceedsSale,
    TakeBackLinesUnclear,
)
from sales.orders.domain.lines import OrderLine

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Back:
    """How much of a line has come back by now, and what was paid back for it."""

    quantity: Decimal = ZERO
    amount: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class TakenLine:
    """How much of a line of the basket came back, in its unit, and what is paid back for it."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class TakeBack:
    """A document of what came back of a basket at once."""

    site_id: str
    take_back_id: UUID
    sale_id: UUID
    number: str
    amount: Decimal
    reason: str
    taken_back_at: datetime
    taken_back_by: str
    lines: Sequence[TakenLine]


def lines_taken_back(
    sale: CounterSale, before: Mapping[int, Back], wanted: Sequence[tuple[int, Decimal]]
) -> Sequence[TakenLine]:
    """Return what is paid back for so much of these lines; raise if that much was not sold."""
    _must_be_kept(sale)
    sold = {line.line_no: line for line in sale.lines}
    named = [line_no for line_no, _ in wanted]
    if len(set(named)) < len(named) or not sold.keys() >= set(named):
        raise TakeBackLinesUnclear(number=sale.number, known=sorted(sold), lines=named)
    _must_be_left(sale, before, wanted)
    return [_line(sold[no], before.get(no, Back()), quantity) for no, quantity in wanted]


def _must_be_kept(sale: CounterSale) -> None:
    if sale.shipment_id is not None:
        raise SaleHasShipment(number=sale.number, shipment_id=sale.shipment_id)
    if sale.status is SaleStatus.UNCOVERED:
        raise SaleStillUncovered(number=sale.number, sale_id=sale.sale_id, cause=sale.cause)
    if sale.money is not Money.KEPT:
        raise SaleNotKept(number=sale.number, status=sale.status.value, money=sale.money)


def _must_be_left(
    sale: CounterSale, before: Mapping[int, Back], wanted: Sequence[tuple[int, Decimal]]
) -> None:
    sold = {line.line_no: line.quantity for line in sale.lines}
    over = [
        {
            "line_no": line_no,
            "sold": f"{sold[line_no].normalize():f}",
            "left": f"{(sold[line_no] - before.get(line_no, Back()).quantity).normalize():f}",
            "wanted": f"{quantity.normalize():f}",
        }
        for line_no, quantity in wanted
        if quantity > sold[line_no] - before.get(line_no, Back()).quantity
    ]
    if over:
        raise TakeBackExceedsSale(number=sale.number, lines_over=len(over), lines=over)


def _line(line: OrderLine, before: Back, quantity: Decimal) -> TakenLine:
    """Pay the share of all that came back so far, so that the last part takes the rest."""
    share = line.amount * (before.quantity + quantity) / line.quantity
    return TakenLine(
        line_no=line.line_no,
        item_id=line.item_id,
        unit=line.unit,
        quantity=quantity,
        amount=share.quantize(CENT, ROUND_HALF_UP) - before.amount,
    )
