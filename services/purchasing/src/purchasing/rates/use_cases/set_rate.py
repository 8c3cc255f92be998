"""Set the exchange rate of a currency for a period, or correct one that nothing was valued by."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.rates import store
from purchasing.rates.domain import BooksCurrencyRate, ExchangeRate
from servicekit.clock import now


async def set_rate(
    session: AsyncSession, wanted: ExchangeRate, books_currency: str
) -> ExchangeRate:
    """Return the rate as it is now; raise if it was used and is another."""
    if wanted.currency == books_currency:
        raise BooksCurrencyRate(currency=books_currency)
    await store.add_if_new(session, wanted)
    rate = await store.rate_to_change(session, wanted.currency, wanted.period)
    rate.correct(wanted.rate, wanted.set_by, now())
    return rate


def new_rate(currency: str, period: str, rate: Decimal, by: str) -> ExchangeRate:
    """Return a rate as somebody wants it."""
    return ExchangeRate(currency=currency, period=period, rate=rate, set_at=now(), set_by=by)
