"""Prices and promotions as people look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sales.prices.tables import prices, promotions

Position = tuple[str, str, str, str, Decimal, date]
KEY = tuple(prices.primary_key.columns)


@dataclass(frozen=True)
class PriceFilter:
    """Which prices are looked for; None means any."""

    item_id: str | None = None
    level: str | None = None
    on: date | None = None


async def prices_after(
    session: AsyncSession, wanted: PriceFilter, after: Position | None, limit: int
) -> Sequence[RowMapping]:
    """Return prices in the order of their keys."""
    statement = select(prices).order_by(*KEY).limit(limit)
    if wanted.item_id is not None:
        statement = statement.where(prices.c.item_id == wanted.item_id)
    if wanted.level is not None:
        statement = statement.where(prices.c.level == wanted.level)
    if wanted.on is not None:
        last = prices.c.valid_to
        lasts = or_(last.is_(None), last >= wanted.on)
        statement = statement.where(prices.c.valid_from <= wanted.on, lasts)
    if after is not None:
        position = tuple_(*(literal(part, key.type) for part, key in zip(after, KEY, strict=True)))
        statement = statement.where(tuple_(*KEY) > position)
    return (await session.execute(statement)).mappings().all()


async def promotions_before(
    session: AsyncSession, on: datetime | None, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return promotions, or those that are on at a moment, the newest first."""
    statement = select(promotions).order_by(promotions.c.promotion_id.desc()).limit(limit)
    if on is not None:
        statement = statement.where(promotions.c.starts_at <= on, promotions.c.ends_at > on)
    if before is not None:
        statement = statement.where(promotions.c.promotion_id < before)
    return (await session.execute(statement)).mappings().all()
