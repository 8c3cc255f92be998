"""Settle a change of an order that is paid, or on credit: what it comes to besides, or less.

What is on credit and comes to more is owed before inventory is asked, as the order itself was: of
two at once the second sees what the first has left of the limit. Else money moves once it is done.
"""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import SalesOrderPaid, SalesOrderRefunded
from sales.credit.use_cases.charge_account import charge_more
from sales.credit.use_cases.reduce_receivable import reduce_receivables
from sales.orders.domain.changing import OrderChange
from sales.orders.domain.order import SalesOrder
from servicekit import outbox
from servicekit.clock import now


async def charge_change(session: AsyncSession, order: SalesOrder, change: OrderChange) -> None:
    """Let the customer owe what a change costs besides, if the order is on credit."""
    if order.on_credit and change.more > 0:
        await charge_more(session, order.number, order.customer_id, order.order_id, change.more)


async def settle_change(session: AsyncSession, order: SalesOrder, change: OrderChange) -> None:
    """Say what is paid back, or was paid besides; take off the account what is not owed."""
    if order.on_credit:
        if change.more > 0:
            order.reopen(owed=True)
        elif change.more < 0:
            await _owe_less(session, order, -change.more)
        return
    fact = {
        "order_id": order.order_id,
        "number": order.number,
        "site_id": order.site_id,
        "at": now(),
        "currency": order.currency,
    }
    if change.paid_besides is not None:
        paid = SalesOrderPaid(**fact, amount=change.paid_besides, for_change=True)
        await outbox.add(session, [paid])
    if change.paid_back is not None:
        back = SalesOrderRefunded(
            **fact,
            customer_id=order.customer_id,
            amount=change.paid_back,
            cause=change.asked_by,
        )
        await outbox.add(session, [back])


async def give_up_change(session: AsyncSession, order: SalesOrder, change: OrderChange) -> None:
    """Take off the account again what a change that is refused would have cost besides."""
    if order.on_credit and change.more > 0:
        await _owe_less(session, order, change.more)


async def _owe_less(session: AsyncSession, order: SalesOrder, amount: Decimal) -> None:
    await reduce_receivables(session, {order.order_id: order.customer_id}, amount, now())
