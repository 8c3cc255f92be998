"""Take an order a step further: submit, approve, send back, place, close or cancel it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand.use_cases.follow_order import follow_order
from purchasing.orders import store
from purchasing.orders.domain import Change, OrderStatus, PurchaseOrder, must_decide
from purchasing.orders.use_cases.announce_order import announce_closed, announce_placed
from purchasing.orders.use_cases.order_now import order_now
from purchasing.orders.use_cases.settle_overdue import settle_overdue
from purchasing.suppliers import store as suppliers
from purchasing.suppliers.domain import must_take_orders
from servicekit.auth import Caller
from servicekit.clock import now


@dataclass(frozen=True)
class Step:
    """Which order is taken a step further, by whom, and as they saw it."""

    order_id: UUID
    caller: Caller
    versions: Collection[int] | None
    reason: str | None = None


async def submit_order(session: AsyncSession, step: Step) -> PurchaseOrder:
    """Ask for approval."""
    order = await _order(session, step)
    return await _keep(session, order, order.submit(), step)


async def approve_order(session: AsyncSession, step: Step) -> PurchaseOrder:
    """Approve what one's roles may decide; never one's own."""
    order = await _order(session, step)
    must_decide(await store.limits(session), step.caller.roles, order.currency, order.total)
    return await _keep(session, order, order.approve(step.caller.subject), step)


async def send_back_order(session: AsyncSession, step: Step) -> PurchaseOrder:
    """Return the order to its author, who may change it."""
    order = await _order(session, step)
    return await _keep(session, order, order.send_back(), step)


async def place_drafted_order(session: AsyncSession, step: Step) -> PurchaseOrder:
    """Order from the supplier what was approved, or what needs no approval."""
    order = await _order(session, step)
    must_take_orders(order.supplier_id, await suppliers.overdue_of(session, order.supplier_id))
    if order.status is OrderStatus.DRAFT:
        must_decide(await store.limits(session), step.caller.roles, order.currency, order.total)
    change = order.place(step.caller.subject, now())
    await announce_placed(session, order)
    return await _keep(session, order, change, step)


async def close_order(session: AsyncSession, step: Step) -> PurchaseOrder:
    """Expect no more; what has come stays."""
    order = await _order(session, step)
    change = order.close()
    await settle_overdue(session, order)
    await follow_order(session, order_now(order, step.caller.subject))
    await announce_closed(session, order, step.caller.subject, step.reason or "")
    return await _keep(session, order, change, step)


async def cancel_order(session: AsyncSession, step: Step) -> PurchaseOrder:
    """Give up an order of which nothing has come; others hear of it if they knew it."""
    order = await _order(session, step)
    change = order.cancel()
    await settle_overdue(session, order)
    await follow_order(session, order_now(order, step.caller.subject))
    if order.placed_at is not None:
        await announce_closed(session, order, step.caller.subject, step.reason or "")
    return await _keep(session, order, change, step)


async def _order(session: AsyncSession, step: Step) -> PurchaseOrder:
    order = await store.order_to_change(session, step.order_id)
    step.caller.must_cover(order.site_id)
    order.must_be_at(step.versions)
    return order


async def _keep(
    session: AsyncSession, order: PurchaseOrder, change: Change, step: Step
) -> PurchaseOrder:
    await store.add_changes(session, order, [change], step.caller.subject, step.reason)
    return order
