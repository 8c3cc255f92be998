"""Charge a customer's account with an order that is to be paid later, if it bears that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit import store
from sales.credit.domain.account import Receivable
from sales.credit.use_cases.settle_account import settle_account
from sales.customers import store as customers
from sales.reference import store as reference


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


async def charge_account(session: AsyncSession, charge: Charge) -> Receivable:
    """Return what is owed for the order from now on.

    The customer stays locked: of two orders at once the second sees what the first has left.
    """
    customer = await customers.customer_to_change(session, charge.customer_id)
    standing = await store.standing_of(session, customer)
    if charge.allowed_because is None:
        standing.must_bear(charge.number, charge.amount)
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
    return receivable
