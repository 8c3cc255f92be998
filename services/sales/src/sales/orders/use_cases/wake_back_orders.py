"""Wake back orders: goods that they wait for have come, or are free again."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import (
    ReservationReduced,
    ReservationReleased,
    StockArrived,
    StockFact,
    StockGained,
    StockReceived,
    StockReturned,
    StockReversed,
    StockStatusChanged,
    StockSupplierReturnReversed,
)
from sales.orders import store
from sales.orders.store import back_orders
from servicekit.clock import now

BRING_GOODS = (
    StockReceived,
    StockGained,
    StockArrived,
    StockReturned,
    StockStatusChanged,
    StockSupplierReturnReversed,
    StockReversed,
)
"""Facts after which there may be more to sell; some of them tell of less as well."""


async def wake_for_goods(session: AsyncSession, facts: Sequence[StockFact]) -> None:
    """Wake those that wait for goods which the facts say there are more of."""
    goods = {(one.site_id, one.warehouse_id, one.item_id) for one in facts if _brings_goods(one)}
    if goods:
        await _wake(session, await back_orders.waiting_for(session, goods))


async def wake_for_releases(session: AsyncSession, releases: Sequence[ReservationReleased]) -> None:
    """Wake those that wait for what was held; for whom it was held says what that was.

    What was held for others than our orders may be anything of the site.
    """
    sites = {one.site_id for one in releases}
    if not sites or not await back_orders.waiting_at(session, sites):
        return
    known = await back_orders.goods_of(session, {one.order_id for one in releases})
    unknown = {one.site_id for one in releases if one.order_id not in known}
    woken = await back_orders.waiting_at(session, unknown) if unknown else set()
    if goods := {one for freed in known.values() for one in freed}:
        woken |= await back_orders.waiting_for(session, goods)
    await _wake(session, woken)


async def wake_for_rests(session: AsyncSession, reduced: Sequence[ReservationReduced]) -> None:
    """Wake those that wait for what of a reservation nobody wants any more."""
    goods = {(one.site_id, one.warehouse_id, line.item_id) for one in reduced for line in one.lines}
    if goods:
        await _wake(session, await back_orders.waiting_for(session, goods))


async def _wake(session: AsyncSession, orders: Collection[UUID]) -> None:
    if orders:
        at = now()
        for order in await store.orders_to_change(session, orders):
            order.wake(at)


def _brings_goods(fact: StockFact) -> bool:
    match fact:
        case StockStatusChanged() | StockSupplierReturnReversed():
            return fact.target == "available"
        case StockReversed():
            return fact.direction == "in"
        case _:
            return isinstance(fact, BRING_GOODS)
