"""Take note that inventory has let go of what it held for orders."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationReleased
from sales.orders import store
from sales.orders.use_cases.announce_order import announce_order
from sales.orders.use_cases.free_credit import free_credit


async def end_reservations(session: AsyncSession, releases: Sequence[ReservationReleased]) -> None:
    """End the orders that nothing is held for any more; reservations of others are passed over."""
    if not releases:
        return
    orders = await store.orders_to_change(session, {release.order_id for release in releases})
    known = {order.order_id: order for order in orders}
    changed = []
    for release in releases:
        order = known.get(release.order_id)
        if order is None:
            continue
        before = order.status
        if release.reason == "expired":
            order.expire(release.reservation_id, release.at)
        else:
            order.lose(release.reservation_id)
        if order.status is not before:
            await announce_order(session, order)
            changed.append(order)
    await free_credit(session, changed)
