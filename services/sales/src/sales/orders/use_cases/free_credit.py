"""Free the credit of orders that came to nothing after all."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit.use_cases.reduce_receivable import reduce_receivables
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.states import ENDED
from servicekit.clock import now


async def free_credit(session: AsyncSession, orders: Iterable[SalesOrder]) -> None:
    """Let the customers of those of the orders that ended owe nothing for them; all are locked."""
    ended = {
        one.order_id: one.customer_id for one in orders if one.on_credit and one.status in ENDED
    }
    if ended:
        await reduce_receivables(session, ended, None, now())
