"""Loads what a customer owes and has paid: whoever changes it has locked the customer."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit.domain.account import ZERO, Application, Payment, Receivable, Standing
from sales.credit.domain.payout import Payout
from sales.credit.tables import applications, payments, payout_parts, payouts, receivables
from sales.customers.domain import Customer
from servicekit.ids import new_id


async def standing_of(session: AsyncSession, customer: Customer) -> Standing:
    """Return how a customer stands."""
    owed_for = receivables.c.amount + receivables.c.added - receivables.c.reduced
    left = owed_for - receivables.c.paid
    owed = await session.scalar(
        select(func.sum(left)).where(
            receivables.c.customer_id == customer.customer_id, receivables.c.settled_at.is_(None)
        )
    )
    balance = await session.scalar(
        select(func.sum(payments.c.amount - payments.c.applied)).where(
            payments.c.customer_id == customer.customer_id,
            payments.c.applied < payments.c.amount,
        )
    )
    return Standing(customer.customer_id, customer.credit_limit, owed or ZERO, balance or ZERO)


async def open_receivables(session: AsyncSession, customer_id: str) -> Sequence[Receivable]:
    """Return what a customer owes, the oldest first."""
    rows = await session.scalars(
        select(Receivable)
        .where(receivables.c.customer_id == customer_id, receivables.c.settled_at.is_(None))
        .order_by(receivables.c.taken_at, receivables.c.order_id)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def payments_left(session: AsyncSession, customer_id: str) -> Sequence[Payment]:
    """Return the payments of which something is paid in advance, the oldest first."""
    rows = await session.scalars(
        select(Payment)
        .where(
            payments.c.customer_id == customer_id,
            payments.c.applied < payments.c.amount,
        )
        .order_by(payments.c.payment_id)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def receivable_of(session: AsyncSession, order_id: UUID) -> Receivable | None:
    """Return what is owed, or was, for an order; None if it never was on credit."""
    found: Receivable | None = await session.scalar(
        select(Receivable)
        .where(receivables.c.order_id == order_id)
        .execution_options(populate_existing=True)
    )
    return found


async def paid_by(session: AsyncSession, order_id: UUID) -> Sequence[tuple[Payment, Decimal]]:
    """Return which payments settle how much of an order, the newest first."""
    parts = (
        select(applications.c.payment_id, func.sum(applications.c.amount).label("amount"))
        .where(applications.c.order_id == order_id)
        .group_by(applications.c.payment_id)
        .having(func.sum(applications.c.amount) > 0)
        .subquery()
    )
    rows = await session.execute(
        select(Payment, parts.c.amount)
        .join(parts, payments.c.payment_id == parts.c.payment_id)
        .order_by(payments.c.payment_id.desc())
        .execution_options(populate_existing=True)
    )
    return [(payment, amount) for payment, amount in rows]


async def keep_applications(
    session: AsyncSession, made: Iterable[Application], at: datetime
) -> None:
    """Keep which payments settle which orders."""
    rows = [
        {
            "application_id": new_id(),
            "payment_id": one.payment_id,
            "site_id": one.site_id,
            "order_id": one.order_id,
            "amount": one.amount,
            "applied_at": at,
        }
        for one in made
    ]
    await session.flush()
    if rows:
        await session.execute(insert(applications), rows)


async def keep_payout(session: AsyncSession, payout: Payout) -> None:
    """Keep what was paid out, and of which payments that was."""
    head = asdict(payout)
    parts = [{"payout_id": payout.payout_id} | part for part in head.pop("parts")]
    await session.flush()
    await session.execute(insert(payouts).values(head))
    await session.execute(insert(payout_parts), parts)


async def untold_orders(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return orders that are settled and don't know it yet, in order of their ids."""
    statement = (
        select(receivables.c.order_id)
        .where(receivables.c.settled_at.is_not(None), receivables.c.told_at.is_(None))
        .order_by(receivables.c.order_id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(receivables.c.order_id > after)
    return (await session.scalars(statement)).all()
