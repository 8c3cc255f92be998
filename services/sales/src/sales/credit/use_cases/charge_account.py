"""Charge a customer's account with what is to be paid later, if it bears that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit import store
from sales.credit.domain.account import Receivable
from sales.credit.use_cases.settle_account import settle_account
from sales.customers import store as customers
from sales.customers.domain import Customer
from sales.reference import store as reference
from servicekit.clock import now


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What an order comes to, and whose account bears it."""

    order_id: UUID
    number: str
    site_id: str
    customer_id: str
    currency: str
    amount: Decimal
    by: str
    at: datetime
    allowed_because: str | None = None
    """Why whoever charges it, a manager, lets this one go over the limit."""


async def charge_account(
    session: AsyncSession, number: str, customer_id: str, charges: Sequence[Charge]
) -> None:
    """Let the customer owe for an order, or for all that were asked for together, or for none.

    `number` is by what people call that. The customer stays locked: of two at once the second sees
    what the first has left.
    """
    customer = await customers.customer_to_change(session, customer_id)
    standing = await store.standing_of(session, customer)
    if any(one.allowed_because is None for one in charges):
        standing.must_bear(number, sum((one.amount for one in charges), Decimal(0)))
    for charge in charges:
        await _owe(session, customer, charge)


async def charge_more(
    session: AsyncSession, number: str, customer_id: str, order_id: UUID, amount: Decimal
) -> None:
    """Let the customer owe so much more for an order, which is locked, if the limit allows it."""
    customer = await customers.customer_to_change(session, customer_id)
    standing = await store.standing_of(session, customer)
    standing.must_bear(number, amount)
    receivable = await store.receivable_of(session, order_id)
    if receivable is None:
        raise AssertionError("an order on credit is owed")
    receivable.owe_more(amount)
    await session.flush()
    await settle_account(session, customer_id, now())


async def _owe(session: AsyncSession, customer: Customer, charge: Charge) -> None:
    standing = await store.standing_of(session, customer)
    over = standing.over(charge.amount) if charge.amount else Decimal(0)
    site = await reference.site_of(session, charge.site_id)
    receivable = Receivable(
        site_id=charge.site_id,
        order_id=charge.order_id,
        number=charge.number,
        customer_id=charge.customer_id,
        currency=charge.currency,
        amount=charge.amount,
        taken_at=charge.at,
        taken_by=charge.by,
        due_on=site.day_of(charge.at) + timedelta(days=customer.terms_days),
        over_limit=over,
        allowed_by=charge.by if over else None,
        reason=charge.allowed_because if over else None,
        settled_at=None if charge.amount else charge.at,
    )
    session.add(receivable)
    await session.flush()
    await settle_account(session, charge.customer_id, charge.at)
