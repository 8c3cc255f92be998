"""What customers owe, since when, what they paid and were paid out, as people look at it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    RowMapping,
    Select,
    case,
    cast,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy import tuple_ as row_of
from sqlalchemy.ext.asyncio import AsyncSession

from sales.credit.tables import applications, payments, payout_parts, payouts, receivables
from sales.customers.tables import customers
from sales.reference.tables import sites

AGES = (("overdue_30", 1, 30), ("overdue_60", 31, 60), ("overdue_90", 61, 90))
"""Spans of days for which something is overdue, both ends included; beyond them is the rest."""


@dataclass(frozen=True, kw_only=True)
class OwedFilter:
    """Of what is owed, which part is looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    customer_id: str | None = None
    overdue: bool | None = None


def _owed(wanted: OwedFilter, at: datetime) -> Select[Any]:
    """Return what is owed, order by order, with its age by the day it is at the site."""
    owed = receivables.c
    today = cast(func.timezone(sites.c.time_zone, at), Date)
    # Days between two dates are a number to PostgreSQL.
    late = type_coerce(today - owed.due_on, Integer)
    statement = (
        select(
            owed.customer_id,
            customers.c.name.label("customer_name"),
            customers.c.kind.label("customer_kind"),
            owed.site_id,
            owed.order_id,
            owed.number,
            owed.currency,
            owed.taken_at,
            owed.due_on,
            owed.amount,
            owed.added,
            owed.reduced,
            owed.paid,
            (owed.amount + owed.added - owed.reduced - owed.paid).label("open"),
            func.greatest(late, 0).label("days_overdue"),
            owed.allowed_by,
            owed.reason,
        )
        .join(customers, customers.c.customer_id == owed.customer_id)
        .join(sites, sites.c.site_id == owed.site_id)
        .where(owed.settled_at.is_(None))
    )
    if wanted.sites is not None:
        statement = statement.where(owed.site_id.in_(wanted.sites))
    for name in ("site_id", "customer_id"):
        if getattr(wanted, name) is not None:
            statement = statement.where(owed[name] == getattr(wanted, name))
    if wanted.overdue is not None:
        statement = statement.where((late > 0) == wanted.overdue)
    return statement


async def owed_by_order(
    session: AsyncSession,
    wanted: OwedFilter,
    at: datetime,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[RowMapping]:
    """List what is owed, the oldest first."""
    place = (receivables.c.taken_at, receivables.c.order_id)
    statement = _owed(wanted, at).order_by(*place).limit(limit)
    if after is not None:
        statement = statement.where(row_of(*place) > row_of(*map(literal, after)))
    rows: Sequence[RowMapping] = (await session.execute(statement)).mappings().all()
    return rows


async def owed_by_customer(
    session: AsyncSession, wanted: OwedFilter, at: datetime, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Sum up what is owed, customer by customer, by how long it is overdue."""
    rows = _owed(wanted, at).subquery()
    late = rows.c.days_overdue
    spans = [
        func.sum(case((late.between(low, high), rows.c.open), else_=0)).label(name)
        for name, low, high in (("not_due", 0, 0), *AGES)
    ]
    statement = (
        select(
            rows.c.customer_id,
            rows.c.customer_name,
            rows.c.customer_kind,
            rows.c.currency,
            func.count().label("orders"),
            func.sum(rows.c.open).label("open"),
            *spans,
            func.sum(case((late > AGES[-1][2], rows.c.open), else_=0)).label("overdue_more"),
            func.min(rows.c.due_on).label("oldest_due_on"),
        )
        .group_by(rows.c.customer_id, rows.c.customer_name, rows.c.customer_kind, rows.c.currency)
        .order_by(rows.c.customer_id, rows.c.currency)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(rows.c.customer_id > after)
    return (await session.execute(statement)).mappings().all()


async def payments_before(
    session: AsyncSession, customer_id: str, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """List what a customer paid, the newest first (ids sort by time)."""
    statement = (
        select(payments)
        .where(payments.c.customer_id == customer_id)
        .order_by(payments.c.payment_id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(payments.c.payment_id < before)
    return (await session.execute(statement)).mappings().all()


async def settled_by(
    session: AsyncSession, payment_ids: Sequence[UUID]
) -> dict[UUID, list[RowMapping]]:
    """Return which orders each of the payments settles, and how much of them."""
    rows = await session.execute(
        select(
            applications.c.payment_id,
            applications.c.order_id,
            receivables.c.number,
            func.sum(applications.c.amount).label("amount"),
        )
        .join(
            receivables,
            (receivables.c.site_id == applications.c.site_id)
            & (receivables.c.order_id == applications.c.order_id),
        )
        .where(applications.c.payment_id.in_(payment_ids))
        .group_by(applications.c.payment_id, applications.c.order_id, receivables.c.number)
        .having(func.sum(applications.c.amount) > 0)
        .order_by(applications.c.payment_id, receivables.c.number)
    )
    return _by("payment_id", rows.mappings())


async def paid_out_of(session: AsyncSession, payment_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """Return how much of each of the payments was paid out, if anything was."""
    rows = await session.execute(
        select(payout_parts.c.payment_id, func.sum(payout_parts.c.amount).label("amount"))
        .where(payout_parts.c.payment_id.in_(payment_ids))
        .group_by(payout_parts.c.payment_id)
    )
    return {row.payment_id: row.amount for row in rows}


async def payouts_before(
    session: AsyncSession, customer_id: str, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """List what was paid out to a customer, the newest first (ids sort by time)."""
    statement = (
        select(payouts)
        .where(payouts.c.customer_id == customer_id)
        .order_by(payouts.c.payout_id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(payouts.c.payout_id < before)
    return (await session.execute(statement)).mappings().all()


async def parts_of(
    session: AsyncSession, payout_ids: Sequence[UUID]
) -> dict[UUID, list[RowMapping]]:
    """Return of which payments each payout was; each was of one at least."""
    rows = await session.execute(
        select(payout_parts)
        .where(payout_parts.c.payout_id.in_(payout_ids))
        .order_by(payout_parts.c.payout_id, payout_parts.c.payment_id)
    )
    return _by("payout_id", rows.mappings())


def _by(name: str, rows: Iterable[RowMapping]) -> dict[UUID, list[RowMapping]]:
    found: dict[UUID, list[RowMapping]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
