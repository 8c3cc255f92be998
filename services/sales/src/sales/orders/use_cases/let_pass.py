"""Let a back order pass those before it that only wait for somebody to name a batch.

It may where there is enough for all of them and for it: then it takes nothing from anybody. What
they want stays there for them, and their place before it stays theirs.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.inventory_client import GoodsAsked, Refused, inventory_of
from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.store import back_orders, turns
from sales.orders.use_cases.ask_for_goods import only_to_be_named
from sales.orders.use_cases.wait_for_goods import told_who_is_ahead
from sales.reference import store as reference
from servicekit.clock import now
from servicekit.context import Context


async def let_pass(context: Context, order: SalesOrder) -> SalesOrder | None:
    """Return the order with its turn begun if there is enough for all, else None."""
    async with context.database.transaction() as session:
        goods = await _wanted_together(session, order)
    enough = goods is not None and await _is_enough(context, order, goods)
    async with context.database.transaction() as session:
        return await _begin(session, order.order_id, enough=enough)


async def _wanted_together(session: AsyncSession, order: SalesOrder) -> list[GoodsAsked] | None:
    """Return what all up to this one want; None if nobody knows that here in base units."""
    wanted = await turns.wanted_up_to(session, order)
    items = await reference.items_of(session, [one.item_id for one in wanted])
    if any(one.unit != items[one.item_id].base_unit for one in wanted):
        return None
    return [
        GoodsAsked(item_id=one.item_id, batch_id=one.batch_id, quantity=one.quantity)
        for one in wanted
    ]


async def _is_enough(context: Context, order: SalesOrder, goods: Sequence[GoodsAsked]) -> bool:
    inventory = inventory_of(context)
    asked = (inventory.explain(order.site_id, order.warehouse_id, one) for one in goods)
    return all(
        said.can_ship or only_to_be_named(Refused(said.code or "", said.facts))
        for said in await asyncio.gather(*asked)
    )


async def _begin(session: AsyncSession, order_id: UUID, *, enough: bool) -> SalesOrder | None:
    order = await store.order_to_change(session, order_id)
    if not order.sleeps:
        return None
    if enough:
        order.fill(now())
        return order
    lines = await store.lines_of(session, order)
    ahead = await back_orders.ahead_of(session, order, back_orders.goods_wanted(lines, ()))
    if ahead:
        await back_orders.keep_try(session, order, now(), told_who_is_ahead(order, ahead))
    return None
