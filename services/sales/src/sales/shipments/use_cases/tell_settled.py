"""Tell orders on credit that they are settled, whatever settled them: they are paid, and may close.

A payment locks its customer and no orders; they hear of it here, one by one.
"""

from uuid import UUID

from contracts.sales import SalesOrderPaid
from sales.credit import store as credit
from sales.credit.domain.account import Receivable
from sales.orders import store as orders
from sales.orders.domain.order import SalesOrder
from sales.shipments.use_cases.complete_order import complete_order
from servicekit import outbox
from servicekit.clock import now
from servicekit.context import Context

ORDERS_AT_ONCE = 100


async def tell_settled(context: Context) -> None:
    """Tell each that doesn't know it yet; those that wait for inventory are told another time."""
    last: UUID | None = None
    while True:
        async with context.database.transaction() as session:
            untold = await credit.untold_orders(session, last, ORDERS_AT_ONCE)
        for last in untold:
            await _tell(context, last)
        if len(untold) < ORDERS_AT_ONCE:
            return


async def _tell(context: Context, order_id: UUID) -> None:
    async with context.database.transaction() as session:
        order = await orders.order_to_change(session, order_id)
        settled = await credit.receivable_of(session, order_id)
        if settled is None or settled.settled_at is None or settled.told_at is not None:
            return
        # A balance may settle it before inventory has said whether the goods are kept at all.
        if order.next_step is not None:
            return
        settled.told_at = now()
        if order.settle(settled.settled_at) and settled.paid:
            await outbox.add(session, [paid_on_credit(order, settled)])
        await complete_order(session, order_id)


def paid_on_credit(order: SalesOrder, settled: Receivable) -> SalesOrderPaid:
    """Say all that was paid for an order so far: it is settled, for the first time or again."""
    return SalesOrderPaid(
        order_id=order.order_id,
        number=order.number,
        site_id=order.site_id,
        at=settled.settled_at,
        amount=settled.paid,
        currency=settled.currency,
        on_credit=True,
    )
