"""Settle what a customer owes with what it has paid in advance."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit import store
from sales.credit.domain.account import Application, named_first, settle


async def settle_account(
    session: AsyncSession, customer_id: str, at: datetime, named: Sequence[UUID] = ()
) -> Sequence[Application]:
    """Return what settles what: first what is named, then the oldest; the customer is locked."""
    owed = await store.open_receivables(session, customer_id)
    advance = await store.payments_left(session, customer_id)
    made = list(settle(named_first(customer_id, owed, named), advance, at))
    await store.keep_applications(session, made, at)
    return made
