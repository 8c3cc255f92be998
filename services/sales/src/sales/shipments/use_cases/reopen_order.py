"""Reopen an order: what had come back of it is under way again, or owed."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SalesOrderReopened
from sales.orders.domain.order import SalesOrder
from sales.shipments import store
from servicekit import outbox
from servicekit.clock import now


async def reopen_order(session: AsyncSession, order: SalesOrder, *, owed: bool) -> None:
    """Let an order, which is locked, be open again if something of it is; else it stays closed."""
    if not owed and not await store.is_under_way(session, order.site_id, order.order_id):
        return
    if order.reopen(owed=owed):
        reopened = SalesOrderReopened(
            order_id=order.order_id,
            number=order.number,
            site_id=order.site_id,
            at=now(),
            customer_id=order.customer_id,
            on_credit=order.on_credit,
        )
        await outbox.add(session, [reopened])
