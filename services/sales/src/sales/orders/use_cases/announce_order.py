"""Say to others where an order has come to."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event
from contracts.sales import (
    SalesOrderClosed,
    SalesOrderOnCredit,
    SalesOrderPaid,
    SalesOrderReserved,
)
from sales.credit import store as credit
from sales.credit.domain.account import Receivable
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import OrderStatus
from servicekit import outbox
from servicekit.clock import now


async def announce_order(session: AsyncSession, order: SalesOrder) -> None:
    """Publish the order's new state, if it is one that others can count on."""
    owed = await credit.receivable_of(session, order.order_id) if order.on_credit else None
    event = _event(order, owed)
    if event is not None:
        await outbox.add(session, [event])


def _event(order: SalesOrder, owed: Receivable | None) -> Event | None:
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
        case OrderStatus.PAID if owed is not None:
            return SalesOrderOnCredit(
                **fact,
                customer_id=order.customer_id,
                amount=order.total,
                currency=order.currency,
                due_on=owed.due_on,
                allowed_by=owed.allowed_by,
                reason=owed.reason,
            )
        case OrderStatus.PAID:
            return SalesOrderPaid(**fact, amount=order.total, currency=order.currency)
        case OrderStatus.REFUSED | OrderStatus.EXPIRED | OrderStatus.CANCELLED:
            return SalesOrderClosed(**fact, outcome=order.status.value, cause=order.cause)
        case _:
            return None
