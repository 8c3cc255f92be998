"""Lists of exchange rates."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.rates.tables import exchange_rates as rates


async def rates_before(
    session: AsyncSession, currency: str | None, before: tuple[str, str] | None, limit: int
) -> Sequence[RowMapping]:
    """Return rates, those of the newest period first."""
    order = rates.c.period.desc(), rates.c.currency.desc()
    statement = select(rates).order_by(*order).limit(limit)
    if currency is not None:
        statement = statement.where(rates.c.currency == currency)
    if before is not None:
        statement = statement.where(tuple_(rates.c.period, rates.c.currency) < before)
    return (await session.execute(statement)).mappings().all()
