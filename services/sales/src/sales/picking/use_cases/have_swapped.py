"""Have what is in hand held for an order instead of what is: inventory is asked to exchange it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.orders.domain.changing import OrderChange
from sales.orders.domain.lines import HeldLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.swapping import swapped
from sales.orders.store import changes
from sales.picking import store
from sales.picking.domain import (
    GoodsPicked,
    OrderPicked,
    must_be_in_one_hand,
    must_be_of_one_batch,
    must_name_its_units,
)
from sales.reference import store as reference
from sales.shipments.domain import held_as_ordered, must_be_left
from sales.shipments.use_cases.ship_order import left_of
from servicekit.auth import Caller
from servicekit.clock import now


async def is_other(session: AsyncSession, order: SalesOrder, picked: Sequence[GoodsPicked]) -> bool:
    """Tell whether something in hand is not what is held for a locked order."""
    held = {line.line_no: line for line in await _held(session, order)}
    return any(not one.is_of(held[one.line_no]) for one in picked if one.line_no in held)


async def begin_swap(
    session: AsyncSession,
    order: SalesOrder,
    swap_id: UUID,
    picked: Sequence[GoodsPicked],
    caller: Caller,
) -> None:
    """Keep what is to be held for a locked order, of which nothing is picked; inventory is next."""
    order.swap(now())
    if await store.open_lines(session, order.site_id, order.order_id):
        raise OrderPicked(number=order.number)
    must_be_of_one_batch(order.number, picked)
    held, ordered = await _held(session, order), await orders.lines_of(session, order)
    left = await left_of(session, order, held)
    must_be_left(order.number, left, [one.part for one in picked])
    items = await reference.items_of(session, [line.item_id for line in held])
    for one in picked:
        whole = left[one.line_no].whole
        must_name_its_units(one, whole.serials)
        items[whole.item_id].must_measure(one.quantity, one.line_no)
    must_be_in_one_hand([(left[one.line_no].whole.item_id, one) for one in picked])
    units = {one.item_id: one.base_unit for one in items.values()}
    lines = swapped(held, {one.line_no: one for one in picked}, ordered, units)
    change_no, _ = await changes.next_numbers(session, order)
    swap = OrderChange(
        change_no=change_no,
        change_id=swap_id,
        round=order.round,
        asked_at=now(),
        asked_by=caller.subject,
        lines_from=order.lines_from,
        total_before=order.due,
        total=order.due,
        swap=True,
    )
    await changes.add_swap(session, order, swap, lines)


async def _held(session: AsyncSession, order: SalesOrder) -> Sequence[HeldLine]:
    held = await orders.held_lines_of(session, order)
    return held or held_as_ordered(await orders.lines_of(session, order))
