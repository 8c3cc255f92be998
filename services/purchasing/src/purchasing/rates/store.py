"""Loads exchange rates, and notes that they were used."""

from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.rates.domain import ExchangeRate, RateMissing
from purchasing.rates.tables import exchange_rates as rates
from servicekit.clock import now


async def rate_for(session: AsyncSession, currency: str, period: str) -> Decimal:
    """Return the period's rate, which is used from here on; raise if finance has set none."""
    this_one = (rates.c.currency == currency) & (rates.c.period == period)
    found = (await session.execute(select(rates).where(this_one))).one_or_none()
    if found is None:
        raise RateMissing(currency=currency, period=period)
    if found.used_at is None:
        # What counts is the rate as it is once the row is ours: it may be corrected until then.
        await session.execute(
            update(rates).where(this_one, rates.c.used_at.is_(None)).values(used_at=now())
        )
    rate: Decimal = (await session.execute(select(rates.c.rate).where(this_one))).scalar_one()
    return rate


async def add_if_new(session: AsyncSession, rate: ExchangeRate) -> None:
    """Insert the rate unless the period has one."""
    statement = insert(rates).values(
        currency=rate.currency,
        period=rate.period,
        rate=rate.rate,
        set_at=rate.set_at,
        set_by=rate.set_by,
    )
    await session.execute(statement.on_conflict_do_nothing())


async def rate_to_change(session: AsyncSession, currency: str, period: str) -> ExchangeRate:
    """Load a rate and lock it."""
    return await session.get_one(
        ExchangeRate, (currency, period), with_for_update={"key_share": True}
    )
