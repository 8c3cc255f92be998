"""Say to others where an order has come to."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event
from contracts.sales import SalesOrderClosed, SalesOrderPaid, SalesOrderReserved
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus
from servicekit import outbox
from servicekit.clock import now


async def announce_order(session: AsyncSession, order: SalesOrder) -> None:
    """Publish the order's new state, if it is one that others can count on."""
    event = _event(order)
    if event is not None:
        await outbox.add(session, [event])


def _event(order: SalesOrder) -> Event | None:
    fact = {
        "order_id": order.order_id,
        "number": order.number,
        "site_id": order.site_id,
        "at": now(),
    }
    match order.status:
        case OrderStatus.RESERVED:
            return SalesOrderReserved(
                **fact, reservation_id=order.reservation_id, expires_at=order.expires_at
            )
        case OrderStatus.PAID:
            return SalesOrderPaid(**fact, amount=order.total, currency=order.currency)
        case OrderStatus.REFUSED | OrderStatus.EXPIRED | OrderStatus.CANCELLED:
            return SalesOrderClosed(**fact, outcome=order.status.value, cause=order.cause)
        case _:
            return None
