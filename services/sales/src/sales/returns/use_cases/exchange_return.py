"""Exchange a return: an order placed for the same customer gives other goods for it.

Both stay what they are: the return pays back what was paid, the order is paid for itself.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.refusals import UnknownOrder
from sales.orders.domain.states import ENDED
from sales.returns import store
from sales.returns.domain.customer_return import CustomerReturn
from sales.returns.domain.refusals import (
    ExchangedAlready,
    ExchangeForOthers,
    ExchangeOrderEnded,
)
from servicekit.auth import Caller


async def exchange_return(
    session: AsyncSession,
    return_id: UUID,
    order_id: UUID,
    caller: Caller,
    versions: Collection[int] | None,
) -> CustomerReturn:
    """Return the return, which names the order; another one only if that gave nothing."""
    found = await store.return_to_change(session, return_id)
    caller.must_cover(found.site_id)
    found.must_be_at(versions)
    order = await _order(session, order_id)
    caller.must_cover(order.site_id)
    if order.customer_id != found.customer_id:
        raise ExchangeForOthers(
            number=found.number,
            customer_id=found.customer_id,
            order_number=order.number,
            other_id=order.customer_id,
        )
    if order.status in ENDED:
        raise ExchangeOrderEnded(order_number=order.number, order_status=order.status.value)
    await _must_be_free(session, found, order_id)
    found.exchange(order_id)
    return found


async def _must_be_free(session: AsyncSession, found: CustomerReturn, order_id: UUID) -> None:
    if found.exchange_order_id in (None, order_id):
        return
    before = await _order(session, found.exchange_order_id)
    if before.status not in ENDED:
        raise ExchangedAlready(number=found.number, order_number=before.number)


async def _order(session: AsyncSession, order_id: UUID) -> SalesOrder:
    order = await orders.find(session, order_id)
    if order is None:
        raise UnknownOrder(order_id=order_id)
    return order
