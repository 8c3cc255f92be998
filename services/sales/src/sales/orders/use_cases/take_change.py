"""Take a change: what it wants takes the place of what the order was for, or of what is held."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SalesOrderChanged
from sales.inventory_client import Held
from sales.orders import store
from sales.orders.domain.changing import OrderChange, Outcome
from sales.orders.domain.lines import HeldLine, OrderLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.swapping import SwapLine
from sales.orders.store import changes
from sales.orders.use_cases.announce_order import sold_lines
from sales.orders.use_cases.ask_for_goods import HeldAsProposed
from sales.orders.use_cases.settle_change import settle_change
from sales.orders.use_cases.wait_for_goods import held_line, take_named
from sales.reference import store as reference
from servicekit import outbox
from servicekit.clock import now


async def take_change(session: AsyncSession, order: SalesOrder, answer: Held | None = None) -> None:
    """Let the change that is pending be done; for a back order nothing is held."""
    change = await changes.present_of(session, order)
    if change.swap and answer is not None:
        lines = await _take_swap(session, order, change, answer)
    else:
        lines = await _take_lines(session, order, change, answer)
    at = now()
    await changes.decide(session, order, Outcome.DONE, at)
    items = await reference.items_of(session, [line.item_id for line in lines])
    changed = SalesOrderChanged(
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        at=at,
        customer_id=order.customer_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        amount=order.due,
        changed_by=change.asked_by,
        lines=sold_lines(lines, items),
        reservation_id=order.reservation_id,
    )
    await outbox.add(session, [changed])
    if order.is_kept:
        await settle_change(session, order, change)


async def _take_lines(
    session: AsyncSession, order: SalesOrder, change: OrderChange, answer: Held | None
) -> list[OrderLine]:
    lines = await changes.lines_of(session, order, change)
    await changes.take_lines(session, order, change)
    if isinstance(answer, HeldAsProposed):
        lines = await take_named(session, order, answer.named)
    else:
        order.amend(lines)
    if answer is not None:
        order.promised_at = change.promised_at or order.promised_at
        numbers = {place: line.line_no for place, line in enumerate(lines, start=1)}
        await store.replace_held(session, order, [held_line(one, numbers) for one in answer.lines])
    return lines


async def _take_swap(
    session: AsyncSession, order: SalesOrder, change: OrderChange, answer: Held
) -> list[OrderLine]:
    """Keep what is held for the same lines; they are what they were, and go on being so."""
    wanted = {line.line_no: line for line in await changes.swap_lines_of(session, order, change)}
    held = [_held_for(wanted[line.line_no]) for line in answer.lines]
    await store.replace_held(session, order, held)
    return await store.lines_of(session, order)


def _held_for(line: SwapLine) -> HeldLine:
    """Return a line as inventory holds it: just as it was asked for, in base units."""
    return HeldLine(
        line_no=line.line_no,
        order_line_no=line.order_line_no,
        item_id=line.item_id,
        quantity=line.quantity,
        batch_id=line.batch_id,
        serials=line.serials,
        unit_version=line.unit_version,
    )
