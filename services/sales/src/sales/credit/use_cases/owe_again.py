"""Owe again what had been taken off an order: it did not come back after all."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit import store
from sales.credit.domain.account import Receivable
from sales.credit.use_cases.settle_account import settle_account
from sales.customers import store as customers


async def owe_again(
    session: AsyncSession, order_id: UUID, customer_id: str, amount: Decimal, at: datetime
) -> Receivable | None:
    """Put an amount back on an order, which is locked; return what is owed for it, or was.

    What the customer has paid in advance settles it, such as what the mistake had freed. The limit
    is not asked: the goods were sold within it, and are with the customer.
    """
    await customers.customers_to_change(session, {customer_id})
    receivable = await store.receivable_of(session, order_id)
    if receivable is None:
        return None
    receivable.owe_again(amount)
    await session.flush()
    await settle_account(session, customer_id, at)
    return receivable
