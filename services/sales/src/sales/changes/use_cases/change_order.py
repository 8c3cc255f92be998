"""Change what an order is for: its reservation follows, or all is as it was.

What is paid, or on credit, is changed as long as nothing of it has left or is picked; what it costs
besides is paid with the change, or owed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.orders.domain.change_refusals import OrderOfRequest
from sales.orders.domain.changing import OrderChange, adds_goods, difference_paid, place_after
from sales.orders.domain.lines import LineWanted, OrderLine, total_of
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus
from sales.orders.store import back_orders, changes
from sales.orders.use_cases.drive_order import drive_order
from sales.orders.use_cases.place_order import price_wanted, when_promised
from sales.orders.use_cases.settle_change import charge_change
from sales.orders.use_cases.take_change import take_change
from sales.picking import store as picking
from sales.picking.domain import OrderPicked
from sales.prices.use_cases.price_lines import Terms
from sales.reference import store as reference
from sales.sourcing import store as sourcing
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


@dataclass(frozen=True, kw_only=True)
class ChangeOrder:
    """All that an order is to be for; `change_id` is the same at every repeat."""

    order_id: UUID
    change_id: UUID
    lines_from: int
    """The number of the order's first line as the caller saw it."""
    lines: Sequence[LineWanted]
    """Numbered from 1, as refusals name them."""
    promised_on: date | None = None
    """The day for which the goods are promised from now on, if it is to be another one."""
    payment: Decimal | None = None
    """What is paid with it, if the order is paid and comes to more."""


async def change_order(
    context: Context, wanted: ChangeOrder, caller: Caller
) -> tuple[SalesOrder, OrderChange]:
    """Return the order as far as inventory lets it, and what became of the change so far."""
    async with context.database.transaction() as session:
        order = await orders.order_to_change(session, wanted.order_id)
        caller.must_cover(order.site_id)
        if await changes.find(session, order, wanted.change_id) is None:
            await _begin(session, order, wanted, caller.subject)
    await drive_order(context, order)
    async with context.database.transaction() as session:
        order = await orders.order_to_change(session, wanted.order_id)
        change = await changes.find(session, order, wanted.change_id)
    if change is None:
        raise AssertionError("a change is never forgotten")
    return order, change


async def _begin(session: AsyncSession, order: SalesOrder, wanted: ChangeOrder, by: str) -> None:
    at = now()
    if request := await sourcing.number_of_request_with(session, order.order_id):
        raise OrderOfRequest(number=order.number, request_number=request)
    order.change(wanted.lines_from, at)
    if await picking.open_lines(session, order.site_id, order.order_id):
        raise OrderPicked(number=order.number)
    site = await reference.site_of(session, order.site_id)
    terms = Terms(customer_id=order.customer_id, site=site, currency=order.currency, at=at)
    priced, prices, _ = await price_wanted(session, terms, wanted.lines)
    change_no, first = await changes.next_numbers(session, order)
    lines = [replace(one, line_no=no) for no, one in enumerate(priced, start=first)]
    total = total_of(lines)
    moved = difference_paid(order, total, wanted.payment)
    change = OrderChange(
        change_no=change_no,
        change_id=wanted.change_id,
        round=order.round,
        asked_at=at,
        asked_by=by,
        lines_from=first,
        total_before=order.due,
        total=total,
        promised_at=when_promised(wanted.promised_on, site, at),
        paid_besides=moved.paid_besides,
        paid_back=moved.paid_back,
    )
    beside = prices, [one.substitute_for for one in wanted.lines]
    await changes.add(session, order, change, lines, beside)
    await charge_change(session, order, change)
    if order.status is OrderStatus.BACKORDERED:
        order.promised_at = change.promised_at or order.promised_at
        await _queue(session, order, lines, at)
        await take_change(session, order)


async def _queue(
    session: AsyncSession, order: SalesOrder, lines: Sequence[OrderLine], at: datetime
) -> None:
    """Let a back order wait for other goods, and be tried: it keeps its place if it adds none."""
    adds = adds_goods(await orders.lines_of(session, order), lines)
    order.promised_at = place_after(order.promised_at or order.placed_at, at, adds=adds)
    await back_orders.leave_queue(session, order)
    await back_orders.keep_goods(session, order, back_orders.goods_wanted(lines, ()))
    order.wake(at)
