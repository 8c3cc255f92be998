"""Reduce what is owed for an order: it was cancelled, or some of it came back.

What was paid for that part already is the customer's again, and settles what else it owes.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit import store
from sales.credit.domain.account import take_back
from sales.credit.use_cases.settle_account import settle_account
from sales.customers import store as customers


async def reduce_receivables(
    session: AsyncSession, customer_ids: Mapping[UUID, str], amount: Decimal | None, at: datetime
) -> None:
    """Take an amount, or all there is, off each of the orders, which are locked.

    Their customers are locked here, in order of their ids.
    """
    await customers.customers_to_change(session, set(customer_ids.values()))
    for order_id, customer_id in customer_ids.items():
        receivable = await store.receivable_of(session, order_id)
        if receivable is None:
            continue
        whole = receivable.left
        paid_by = await store.paid_by(session, order_id)
        too_much = receivable.reduce(whole if amount is None else amount, at)
        if too_much:
            back = take_back(receivable, paid_by, too_much, at)
            await store.keep_applications(session, back, at)
        await session.flush()
        await settle_account(session, customer_id, at)
