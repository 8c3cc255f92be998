"""Complete an order: all of it was signed for or came back, and it is settled."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SalesOrderCompleted
from sales.orders import store as orders
from sales.orders.domain.order import SalesOrder
from sales.shipments import store
from servicekit import outbox
from servicekit.clock import now


async def complete_order(session: AsyncSession, order_id: UUID) -> None:
    """Close the order, which is locked, if nothing of it is open any more."""
    order = await orders.order_to_change(session, order_id)
    if await store.is_under_way(session, order.site_id, order_id) or not order.close(now()):
        return
    await outbox.add(session, [completed(order)])


def completed(order: SalesOrder) -> SalesOrderCompleted:
    """Say that an order is closed."""
    return SalesOrderCompleted(
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        at=order.closed_at,
        customer_id=order.customer_id,
        on_credit=order.on_credit,
    )
