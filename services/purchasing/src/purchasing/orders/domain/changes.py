"""Changes of what was agreed: never below what has come, each kept with what it was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from purchasing.orders.domain.lines import Delivery, LineKind, OrderLine, must_cost_nothing, plain
from purchasing.orders.domain.order import PurchaseOrder
from purchasing.orders.domain.refusals import BelowReceived
from purchasing.orders.domain.states import WITH_SUPPLIER, Change


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """What is to be different about a line; None leaves it as it is."""

    line_no: int
    quantity: Decimal | None = None
    base_quantity: Decimal | None = None
    """The quantity in base units, by the conversion that the line was ordered with."""
    unit_cost: Decimal | None = None
    deliveries: Sequence[Delivery] | None = None
    cancel_rest: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderChange:
    """One change as it is kept: who, when, why, from what, to what."""

    change_id: UUID
    order_id: UUID
    version: int
    line_no: int | None
    field: str
    was: str | None
    became: str | None
    changed_at: datetime
    changed_by: str
    reason: str | None


def change_order(
    order: PurchaseOrder, due_date: date | None, lines: Sequence[LineChange]
) -> Sequence[Change]:
    """Return what is different now; the order's version counts on if anything is."""
    order.must_be_changeable()
    changes = list[Change]()
    if due_date is not None and due_date != order.due_date:
        changes.append(Change(None, "due_date", str(order.due_date), str(due_date)))
        order.due_date = due_date
    for wanted in lines:
        changes += _change_line(order, order.line(wanted.line_no, wanted.line_no), wanted)
    if changes:
        order.version += 1
        order.settle()
    return changes


def await_again(
    order: PurchaseOrder, returned: Mapping[int, Decimal], day: date
) -> Sequence[Change]:
    """Let what went back be due again on a day of its own, not on the one it was in time for."""
    changes = list[Change]()
    for line in order.lines:
        again = min(returned.get(line.line_no, Decimal(0)), line.open)
        if again and order.status in WITH_SUPPLIER:
            before = _said(line)
            line.await_again(again, day, order.due_date)
            changes += _differing(line, before)
    if changes:
        order.version += 1
    return changes


def _change_line(order: PurchaseOrder, line: OrderLine, wanted: LineChange) -> Sequence[Change]:
    before = _said(line)
    if wanted.unit_cost is not None:
        if line.kind is not LineKind.PURCHASE:
            must_cost_nothing(line.kind, wanted.unit_cost, line.line_no)
        line.unit_cost = wanted.unit_cost
        line.must_be_paid()
    if wanted.quantity is not None and wanted.base_quantity is not None:
        _must_not_be_below(order, line, wanted.base_quantity)
        line.quantity, line.base_quantity = wanted.quantity, wanted.base_quantity
        line.cancelled = Decimal(0)
    if wanted.deliveries is not None:
        line.plan(wanted.deliveries)
    else:
        line.plan(line.deliveries)
    if wanted.cancel_rest:
        line.cancelled = max(line.base_quantity - line.received - line.arriving, Decimal(0))
    return _differing(line, before)


def _differing(line: OrderLine, before: Mapping[str, str]) -> Sequence[Change]:
    after = _said(line)
    return [
        Change(line.line_no, name, before[name], after[name])
        for name in before
        if before[name] != after[name]
    ]


def _must_not_be_below(order: PurchaseOrder, line: OrderLine, base_quantity: Decimal) -> None:
    if base_quantity < line.received + line.arriving:
        raise BelowReceived(
            number=order.number,
            line_no=line.line_no,
            unit=line.base_unit,
            received=plain(line.received),
            arriving=plain(line.arriving),
            wanted=plain(base_quantity),
        )


def _said(line: OrderLine) -> dict[str, str]:
    days = [f"{one.due_date}: {plain(one.quantity)}" for one in line.deliveries]
    return {
        "quantity": plain(line.quantity),
        "unit_cost": plain(line.unit_cost),
        "deliveries": ", ".join(days),
        "cancelled": plain(line.cancelled),
    }
