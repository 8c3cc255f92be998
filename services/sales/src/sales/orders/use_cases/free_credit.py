"""Free the credit of goods on credit that will not leave after all."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit.use_cases.reduce_receivable import reduce_receivables
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import ENDED, OrderStatus
from sales.orders.store import rests
from servicekit.clock import now


async def free_credit(session: AsyncSession, changed: Iterable[SalesOrder]) -> None:
    """Let customers owe nothing for orders that just ended, nor for rests just called off.

    All are locked, and have another status than before.
    """
    on_credit = [one for one in changed if one.on_credit]
    ended = {one.order_id: one.customer_id for one in on_credit if one.status in ENDED}
    if ended:
        await reduce_receivables(session, ended, None, now())
    for one in on_credit:
        rest = await rests.rest_of(session, one) if one.status is OrderStatus.SHIPPED else None
        if rest is not None:
            await reduce_receivables(session, {one.order_id: one.customer_id}, rest.amount, now())
