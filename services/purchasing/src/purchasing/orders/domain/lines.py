"""Lines of an order: what was agreed, and how much of it has arrived."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from uuid import UUID

from purchasing.orders.domain.refusals import DeliveriesUneven, FreeLinePriced, PaidLineFree
from purchasing.reference.domain import cost_per

FINEST = Decimal("0.000001")
MOST_EVER = Decimal("999999999999.999999")
"""The largest quantity that can be written anywhere in the platform."""


class LineKind(StrEnum):
    """Whether a line is paid for."""

    PURCHASE = "purchase"
    GIFT = "gift"
    SAMPLE = "sample"


class PriceSource(StrEnum):
    """Where the price of a line comes from."""

    UNLISTED = "unlisted"
    """No price was agreed for it in advance."""
    LIST = "list"
    OFF_LIST = "off_list"
    """The buyer ordered at another price than the one agreed in advance."""
    FREE = "free"


@dataclass(eq=False)
class Delivery:
    """How much of a line is to arrive on a day, in the line's unit."""

    due_date: date
    quantity: Decimal


@dataclass(eq=False, kw_only=True)
class OrderLine:
    """A line of an order: what was agreed, and what became of it."""

    line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    unit_cost: Decimal
    """For one of the unit, in the order's currency."""
    base_unit: str
    base_quantity: Decimal
    """What the quantity is in the item's base unit, in which everything that arrives is counted."""
    unit_version: int | None = None
    """The version of the conversion that was used; None if the unit is the base unit."""
    kind: LineKind = LineKind.PURCHASE
    received: Decimal = Decimal(0)
    """On posted receipts, in base units."""
    arriving: Decimal = Decimal(0)
    """On receipts that are neither posted nor cancelled, in base units."""
    cancelled: Decimal = Decimal(0)
    """What is not wanted any more, in base units."""
    price_source: PriceSource = PriceSource.UNLISTED
    list_price_id: UUID | None = None
    """The price that counted on the day of the order."""
    deliveries: list[Delivery] = field(default_factory=list)
    """Empty if the whole line is due on the order's day."""

    @property
    def wanted(self) -> Decimal:
        """What is to arrive in all, in base units."""
        return self.base_quantity - self.cancelled

    @property
    def open(self) -> Decimal:
        """What the supplier still owes, in base units."""
        return max(self.wanted - self.received, Decimal(0))

    @property
    def amount(self) -> Decimal:
        """What the line costs, in the order's currency."""
        whole = self.quantity * self.unit_cost
        return whole * self.wanted / self.base_quantity if self.cancelled else whole

    def must_be_paid(self) -> None:
        """Raise if a purchase costs nothing, were it by rounding alone."""
        cost = cost_per(self.unit_cost, self.quantity, self.base_quantity)
        if self.kind is LineKind.PURCHASE and not cost:
            raise PaidLineFree(line_no=self.line_no, item_id=self.item_id)

    def plan(self, deliveries: Sequence[Delivery]) -> None:
        """Let the line come in parts, which must make the whole."""
        planned = sum((one.quantity for one in deliveries), Decimal(0))
        days = {one.due_date for one in deliveries}
        if deliveries and (planned != self.quantity or len(days) != len(deliveries)):
            raise DeliveriesUneven(
                line_no=self.line_no,
                planned=plain(planned),
                unit=self.unit,
                days=len(days),
                quantity=plain(self.quantity),
                parts=len(deliveries),
            )
        self.deliveries = sorted(deliveries, key=lambda one: one.due_date)

    def await_again(self, quantity: Decimal, day: date, order_due: date) -> None:
        """Let so much that had come be due on a day of its own; what was due later stays so.

        The quantity is in base units. What had come counts as the first that was due.
        """
        planned = self.deliveries or [Delivery(order_due, self.quantity)]
        if day <= planned[0].due_date:
            return
        # To divide first would leave a third of something a little short.
        again = quantity * self.quantity / self.base_quantity
        wanted = self.wanted * self.quantity / self.base_quantity
        parts, before = list[Delivery](), Decimal(0)
        for due in sorted({day, *(one.due_date for one in planned)}):
            until = sum((one.quantity for one in planned if one.due_date <= due), Decimal(0))
            until = min(until, wanted) - (again if due < day else 0)
            is_last = due >= max(day, planned[-1].due_date)
            until = self.quantity if is_last else max(until, before).quantize(FINEST, ROUND_DOWN)
            if until > before:
                parts.append(Delivery(due, until - before))
            before = max(before, until)
        self.plan(parts)

    def due_by(self, day: date, order_due: date) -> Decimal:
        """Return how much should have arrived by the end of a day, in base units."""
        if not self.deliveries:
            return self.wanted if order_due <= day else Decimal(0)
        due = sum((one.quantity for one in self.deliveries if one.due_date <= day), Decimal(0))
        return min(due * self.base_quantity / self.quantity, self.wanted)

    def most(self, over_receipt_percent: Decimal) -> Decimal:
        """Return the quantity that may arrive in all."""
        share = self.wanted * (100 + over_receipt_percent) / 100
        return min(share.quantize(FINEST, ROUND_DOWN), MOST_EVER)


def must_cost_nothing(kind: LineKind, unit_cost: Decimal, line_no: int) -> None:
    """Raise if a price is given for goods that are free."""
    if unit_cost:
        raise FreeLinePriced(line_no=line_no, line_kind=kind.value, unit_cost=plain(unit_cost))


def plain(quantity: Decimal) -> str:
    """Write a quantity without exponent and trailing zeros."""
    return format(quantity.normalize() if quantity else Decimal(0), "f")
