"""Take note that inventory has let go of what it held for orders.

Of an order that left in part the rest is then given up, as if somebody had cancelled it: what was
paid for it is paid back, or is not owed any more.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationReleased
from sales.orders import store
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import RELEASED_BY_OTHERS, OrderStatus
from sales.orders.store.rests import keep_rest, rest_of
from sales.orders.use_cases.announce_order import announce_order
from sales.orders.use_cases.free_credit import free_credit
from sales.shipments.use_cases.cancel_rest import rest_given_up


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
            await _give_up_rest(session, order)
            await announce_order(session, order)
            changed.append(order)
    await free_credit(session, changed)


async def _give_up_rest(session: AsyncSession, order: SalesOrder) -> None:
    """Keep what of an order that just ended will not leave, unless somebody cancelled it before."""
    if order.status is OrderStatus.SHIPPED and await rest_of(session, order) is None:
        await keep_rest(session, order, await rest_given_up(session, order, RELEASED_BY_OTHERS))
