"""Pick goods of an order: they are in somebody's hands, and wait to be shipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.orders.domain.changing import OrderChange, Outcome
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import UnknownOrder
from sales.orders.domain.states import HOLDING
from sales.orders.store import changes
from sales.orders.use_cases.drive_order import drive_order
from sales.picking import store
from sales.picking.domain import (
    GoodsPicked,
    HeldOtherwise,
    NothingToPick,
    Pick,
    PickLine,
    PickNotDecided,
    must_be_held,
)
from sales.picking.use_cases.have_swapped import begin_swap, is_other
from sales.reference import store as reference
from sales.shipments.domain import Rest, parts_leaving, without
from sales.shipments.use_cases.ship_order import left_of
from sales.shipments.use_cases.watch_dates import watch_dates
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.context import Context


@dataclass(frozen=True, kw_only=True)
class PickGoods:
    """What somebody has in hand; `pick_id` is the same at every repeat."""

    order_id: UUID
    pick_id: UUID
    device_id: str | None = None
    goods: Sequence[GoodsPicked] = ()
    """All that nobody has picked yet, if nothing is named."""
    exchange: bool = False
    """Whether the order is to hold what is in hand, where that is not what is held."""


async def pick_goods(context: Context, wanted: PickGoods, caller: Caller) -> Pick | OrderChange:
    """Return the pick of so much of an order, or why inventory refused what was in hand.

    What is in hand is exchanged first, and the pick is made of what is held then: whoever dies in
    between leaves goods that are held and not picked, and a repeat picks them.
    """
    async with context.database.transaction() as session:
        order = await _locked(session, wanted, caller)
        if await changes.find(session, order, wanted.pick_id) is None:
            if made := await store.find(session, wanted.pick_id):
                return made
            order.must_be_shippable()
            if not wanted.exchange or not await is_other(session, order, wanted.goods):
                return await _pick(session, order, wanted, wanted.goods, caller)
            await begin_swap(session, order, wanted.pick_id, wanted.goods, caller)
    await drive_order(context, order)
    async with context.database.transaction() as session:
        return await _picked_once_held(session, wanted, caller)


async def _picked_once_held(
    session: AsyncSession, wanted: PickGoods, caller: Caller
) -> Pick | OrderChange:
    """Return the pick of what is held now instead of what was, made once, or why it isn't held."""
    order = await _locked(session, wanted, caller)
    swap = await changes.find(session, order, wanted.pick_id)
    if swap is None or swap.outcome is Outcome.PENDING:
        raise PickNotDecided(number=order.number, order_id=order.order_id)
    if swap.outcome is Outcome.REFUSED:
        return swap
    if made := await store.find(session, wanted.pick_id):
        return made
    order.must_be_shippable()
    if swap.round != order.round:
        raise HeldOtherwise(number=order.number, order_id=order.order_id)
    goods = [
        GoodsPicked(
            line_no=one.line_no,
            quantity=one.in_hand,
            batch_id=one.batch_id,
            serials=tuple(one.serials_in_hand),
        )
        for one in await changes.swap_lines_of(session, order, swap)
        if one.in_hand is not None
    ]
    return await _pick(session, order, wanted, goods, caller)


async def _locked(session: AsyncSession, wanted: PickGoods, caller: Caller) -> SalesOrder:
    order = await orders.order_to_change(session, wanted.order_id)
    caller.must_cover(order.site_id)
    await reference.must_be_in_use(session, order.site_id, wanted.device_id)
    return order


async def _pick(
    session: AsyncSession,
    order: SalesOrder,
    wanted: PickGoods,
    goods: Sequence[GoodsPicked],
    caller: Caller,
) -> Pick:
    order.must_be_shippable()
    held = await orders.held_lines_of(session, order)
    left = await _to_pick(session, order)
    parts = parts_leaving(order.number, left, [one.part for one in goods])
    if not parts:
        raise NothingToPick(number=order.number)
    must_be_held(goods, left)
    await watch_dates(session, order, held, parts)
    items = await reference.items_of(session, [one.item_id for one in parts])
    for one in parts:
        items[one.item_id].must_measure(one.quantity, one.line_no)
    made = Pick(
        pick_id=wanted.pick_id,
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        picked_at=now(),
        picked_by=caller.subject,
        device_id=wanted.device_id,
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
    return await _to_pick(session, order)


async def _to_pick(session: AsyncSession, order: SalesOrder) -> dict[int, Rest]:
    held = await orders.held_lines_of(session, order)
    picked = await store.open_lines(session, order.site_id, order.order_id)
    return without(await left_of(session, order, held), picked)
