"""End a pick: what was picked leaves, or goes back on the shelf."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.picking import store
from sales.picking.domain import Pick, PickStatus
from sales.shipments.domain import Shipment
from sales.shipments.use_cases.ship_order import ship_order
from servicekit.auth import Caller
from servicekit.clock import now


async def ship_pick(
    session: AsyncSession, pick_id: UUID, caller: Caller, device_id: str | None
) -> Shipment:
    """Return the shipment of just what was picked; of two who ship it one is refused."""
    pick = await _open(session, pick_id, caller)
    parts = [line.part for line in pick.lines]
    shipment = await ship_order(session, pick.order_id, caller, device_id, parts)
    await _end(session, pick, PickStatus.SHIPPED, caller, shipment.shipment_id)
    return shipment


async def cancel_pick(session: AsyncSession, pick_id: UUID, caller: Caller) -> Pick:
    """Return the pick, whose goods are back on the shelf and go on being held for the order."""
    pick = await _open(session, pick_id, caller)
    return await _end(session, pick, PickStatus.CANCELLED, caller)


async def _open(session: AsyncSession, pick_id: UUID, caller: Caller) -> Pick:
    before = await store.pick_of(session, pick_id)
    caller.must_cover(before.site_id)
    await orders.order_to_change(session, before.order_id)
    pick = await store.pick_of(session, pick_id)
    pick.must_be_open()
    return pick


async def _end(
    session: AsyncSession,
    pick: Pick,
    status: PickStatus,
    caller: Caller,
    shipment_id: UUID | None = None,
) -> Pick:
    ended = replace(
        pick, status=status, shipment_id=shipment_id, ended_at=now(), ended_by=caller.subject
    )
    await store.end(session, ended)
    return ended
