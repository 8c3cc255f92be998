"""Pick goods of an order: they are in somebody's hands, and wait to be shipped."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.orders.domain.lines import HeldLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import UnknownOrder
from sales.orders.domain.states import HOLDING
from sales.picking import store
from sales.picking.domain import (
    GoodsPicked,
    NothingToPick,
    Pick,
    PickLine,
    must_be_held,
)
from sales.reference import store as reference
from sales.shipments.domain import Rest, parts_leaving, without
from sales.shipments.use_cases.ship_order import left_of
from sales.shipments.use_cases.watch_dates import watch_dates
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id


async def pick_goods(
    session: AsyncSession,
    order_id: UUID,
    caller: Caller,
    device_id: str | None,
    picked: Sequence[GoodsPicked] = (),
) -> Pick:
    """Return the pick of so much of an order, or of all that nobody has picked yet."""
    order = await orders.order_to_change(session, order_id)
    caller.must_cover(order.site_id)
    await reference.must_be_in_use(session, order.site_id, device_id)
    order.must_be_shippable()
    held = await orders.held_lines_of(session, order)
    left = await _to_pick(session, order, held)
    parts = parts_leaving(order.number, left, [one.part for one in picked])
    if not parts:
        raise NothingToPick(number=order.number)
    must_be_held(picked, left)
    await watch_dates(session, order, held, parts)
    items = await reference.items_of(session, [one.item_id for one in parts])
    for one in parts:
        items[one.item_id].must_measure(one.quantity, one.line_no)
    made = Pick(
        pick_id=new_id(),
        order_id=order_id,
        number=order.number,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        picked_at=now(),
        picked_by=caller.subject,
        device_id=device_id,
        lines=tuple(
            PickLine(**{name: getattr(one, name) for name in PickLine.__dataclass_fields__})
            for one in parts
        ),
    )
    await store.add(session, made)
    return made


async def pick_list(session: AsyncSession, order_id: UUID, caller: Caller) -> dict[int, Rest]:
    """Return what of an order is still to be picked, by line; nothing once nothing is held."""
    order = await orders.find(session, order_id)
    if order is None:
        raise UnknownOrder(order_id=order_id)
    caller.must_cover(order.site_id)
    if order.status not in HOLDING:
        return {}
    return await _to_pick(session, order, await orders.held_lines_of(session, order))


async def _to_pick(
    session: AsyncSession, order: SalesOrder, held: Sequence[HeldLine]
) -> dict[int, Rest]:
    picked = await store.open_lines(session, order.site_id, order.order_id)
    return without(await left_of(session, order, held), picked)
