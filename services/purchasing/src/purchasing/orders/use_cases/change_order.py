"""Change what was agreed: quantities, prices, days, or give up the rest of a line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand.use_cases.follow_order import follow_order
from purchasing.orders import store
from purchasing.orders.domain import (
    Change,
    LineChange,
    OrderStatus,
    PriceSource,
    PurchaseOrder,
    change_order,
    must_decide,
)
from purchasing.orders.use_cases.announce_order import announce_changed
from purchasing.orders.use_cases.order_now import order_now
from purchasing.orders.use_cases.settle_overdue import settle_overdue
from purchasing.orders.use_cases.step_order import Step
from purchasing.reference import store as reference
from purchasing.reference.domain import Conversion, Units


@dataclass(frozen=True, kw_only=True)
class ChangeOrder:
    """What is to be different about an order, and why."""

    step: Step
    due_date: date | None
    lines: Sequence[LineChange]
    reason: str


async def change_agreed(session: AsyncSession, wanted: ChangeOrder) -> PurchaseOrder:
    """Return the order as it is agreed now; raise if less than has come would be left."""
    caller = wanted.step.caller
    order = await store.order_to_change(session, wanted.step.order_id)
    caller.must_cover(order.site_id)
    order.must_be_at(wanted.step.versions)
    order.must_be_changeable()
    before = order.total
    lines = await _measured(session, order, wanted.lines)
    changes = change_order(order, wanted.due_date, lines)
    _mark_prices(order, changes)
    await settle_overdue(session, order)
    await follow_order(session, order_now(order, caller.subject))
    decided = order.status not in {OrderStatus.DRAFT, OrderStatus.SUBMITTED}
    if decided and order.total > before:
        must_decide(await store.limits(session), caller.roles, order.currency, order.total)
    await store.add_changes(session, order, changes, caller.subject, wanted.reason)
    if changes and order.placed_at is not None:
        await announce_changed(session, order, caller.subject, wanted.reason)
    return order


async def _measured(
    session: AsyncSession, order: PurchaseOrder, wanted: Sequence[LineChange]
) -> Sequence[LineChange]:
    """Convert new quantities by the version of the unit that each line was ordered with."""
    items = await reference.items_of(session, [line.item_id for line in order.lines])
    measured = []
    for change in wanted:
        line = order.line(change.line_no, change.line_no)
        if change.quantity is not None:
            ratio = Fraction(line.base_quantity) / Fraction(line.quantity)
            kept = Conversion(line.unit_version or 0, ratio.numerator, ratio.denominator)
            scale = items[line.item_id].scale
            units = Units(line.item_id, line.base_unit, scale, {line.unit: kept})
            base = units.measure(change.quantity, line.unit, line.line_no).quantity
            measured.append(replace(change, base_quantity=base))
        else:
            measured.append(change)
    return measured


def _mark_prices(order: PurchaseOrder, changes: Sequence[Change]) -> None:
    """Mark lines whose price is not the one from the list any more."""
    for change in changes:
        if change.field == "unit_cost" and change.line_no is not None:
            line = order.line(change.line_no, change.line_no)
            if line.list_price_id is not None:
                line.price_source = PriceSource.OFF_LIST
