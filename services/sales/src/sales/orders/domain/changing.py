"""Changes of what an order is for, and what they do to its place in a queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sales.orders.domain.change_refusals import DifferenceToPay, NothingToPay
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.order import SalesOrder

NOTHING = Decimal(0)


class Outcome(StrEnum):
    """What became of a change."""

    PENDING = "pending"
    """Inventory has not answered yet."""
    DONE = "done"
    REFUSED = "refused"
    """The order stayed as it was."""
    LAPSED = "lapsed"
    """The order ended before."""


@dataclass(frozen=True, kw_only=True)
class OrderChange:
    """Who wanted an order to be for something else, and what became of that."""

    change_no: int
    """Counts the changes of its order, from 1."""
    change_id: UUID
    """The command that changes it; a repeat of it goes on where it stopped."""
    round: int
    """The order's at that time: which question to inventory it is."""
    asked_at: datetime
    asked_by: str
    lines_from: int
    """The first of its lines: on from those that they are to take the place of."""
    total_before: Decimal
    total: Decimal
    promised_at: datetime | None = None
    """When the goods are promised from then on, if another day was named."""
    swap: bool = False
    """Other batches or units are held for the same lines: those that somebody had in hand."""
    paid_besides: Decimal | None = None
    """What was paid with it, for an order that was paid before; it counts once it is done."""
    paid_back: Decimal | None = None
    """What of the payment before is given back, once it is done."""
    outcome: Outcome = Outcome.PENDING
    decided_at: datetime | None = None
    problem: Mapping[str, Any] | None = None
    """Why inventory refused, in its own words."""

    @property
    def more(self) -> Decimal:
        """Return how much more the order comes to."""
        return self.total - self.total_before


@dataclass(frozen=True)
class Difference:
    """What a change moves of the money of an order that is paid, once it is done."""

    paid_besides: Decimal | None = None
    paid_back: Decimal | None = None


def difference_paid(order: SalesOrder, total: Decimal, payment: Decimal | None) -> Difference:
    """Return what a change to a total moves; raise unless what it costs besides is paid with it.

    What is on credit is owed, and what is not paid at all is paid later.
    """
    more = total - order.due if order.is_kept and not order.on_credit else NOTHING
    if more > 0 and payment != more:
        raise DifferenceToPay(
            number=order.number,
            paid=f"{order.due:f}",
            total=f"{total:f}",
            difference=f"{more:f}",
            amount=f"{payment or NOTHING:f}",
        )
    if more <= 0 and payment is not None:
        raise NothingToPay(number=order.number)
    return Difference(more if more > 0 else None, -more if more < 0 else None)


def adds_goods(before: Sequence[OrderLine], after: Sequence[OrderLine]) -> bool:
    """Tell whether more is wanted of anything than before; in another unit it is another thing.

    To name a batch of what was ordered without one is no more.
    """
    had, wanted = _summed(before), _summed(after)
    for item_id, _, unit in wanted:
        unnamed = item_id, "", unit
        named = sum(
            max(quantity - had.get(goods, NOTHING), NOTHING)
            for goods, quantity in wanted.items()
            if (goods[0], goods[2]) == (item_id, unit) and goods != unnamed
        )
        if wanted.get(unnamed, NOTHING) + named > had.get(unnamed, NOTHING):
            return True
    return False


def place_after(promised_at: datetime, at: datetime, *, adds: bool) -> datetime:
    """Return by when a changed order queues: who adds goods stands behind those who wait."""
    return max(promised_at, at) if adds else promised_at


def _summed(lines: Sequence[OrderLine]) -> dict[tuple[str, str, str], Decimal]:
    sums = dict[tuple[str, str, str], Decimal]()
    for line in lines:
        goods = line.item_id, line.batch_id, line.unit
        sums[goods] = sums.get(goods, Decimal(0)) + line.quantity
    return sums
