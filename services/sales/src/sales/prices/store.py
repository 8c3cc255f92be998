"""Keeps levels, prices and promotions, and finds those that may count."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, delete, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.prices.domain import STANDARD, Price, Promotion, UnknownPromotion
from sales.prices.tables import levels, prices, promotions
from sales.reference.store import put

PRICE = [prices.c[one.name] for one in fields(Price)]
PROMOTION = [promotions.c[one.name] for one in fields(Promotion)]


async def level_of(session: AsyncSession, customer_id: str) -> str:
    """Return the customer's level; raise nothing: who has none has the standard one."""
    level: str | None = await session.scalar(
        select(levels.c.level).where(levels.c.customer_id == customer_id)
    )
    return level or STANDARD


async def put_level(
    session: AsyncSession, customer_id: str, level: str, at: datetime, by: str
) -> None:
    """Keep which level a customer has from now on."""
    row = {"customer_id": customer_id, "level": level, "set_at": at, "set_by": by}
    await put(session, levels, [row])


async def prices_of(
    session: AsyncSession, item_ids: Collection[str], currency: str, level: str
) -> Sequence[Price]:
    """Return the prices of items at a level and at the standard one, past and future ones too."""
    rows = await session.execute(
        select(*PRICE).where(
            prices.c.item_id == any_(literal(sorted(set(item_ids)), ARRAY(Text))),
            prices.c.currency == currency,
            prices.c.level.in_([level, STANDARD]),
        )
    )
    return [Price(**row) for row in rows.mappings()]


async def price_like(session: AsyncSession, price: Price) -> Price | None:
    """Return the price kept under the same key, locked, if there is one."""
    keys = [prices.c[key.name] == getattr(price, key.name) for key in prices.primary_key]
    rows = await session.execute(select(*PRICE).where(*keys).with_for_update())
    row = rows.mappings().one_or_none()
    return None if row is None else Price(**row)


async def put_price(session: AsyncSession, price: Price) -> None:
    """Keep a price in place of the one under the same key."""
    await put(session, prices, [asdict(price)])


async def promotions_at(
    session: AsyncSession, at: datetime, site_id: str, level: str
) -> Sequence[Promotion]:
    """Return the promotions that are on for a site and a level."""
    rows = await session.execute(
        select(*PROMOTION).where(
            promotions.c.ends_at > at,
            promotions.c.starts_at <= at,
            or_(promotions.c.site_id.is_(None), promotions.c.site_id == site_id),
            or_(promotions.c.level.is_(None), promotions.c.level == level),
        )
    )
    return [Promotion(**row) for row in rows.mappings()]


async def add_promotion(session: AsyncSession, promotion: Promotion) -> None:
    """Keep a new promotion."""
    await session.execute(insert(promotions).values(**asdict(promotion)))


async def promotion_to_change(session: AsyncSession, promotion_id: UUID) -> Promotion:
    """Return a promotion, locked, or raise."""
    rows = await session.execute(
        select(*PROMOTION).where(promotions.c.promotion_id == promotion_id).with_for_update()
    )
    row = rows.mappings().one_or_none()
    if row is None:
        raise UnknownPromotion(promotion_id=promotion_id)
    return Promotion(**row)


async def end_promotion(session: AsyncSession, promotion_id: UUID, at: datetime) -> None:
    """Let a promotion be over."""
    await session.execute(
        update(promotions).where(promotions.c.promotion_id == promotion_id).values(ends_at=at)
    )


async def drop_promotion(session: AsyncSession, promotion_id: UUID) -> None:
    """Forget a promotion that never began."""
    await session.execute(delete(promotions).where(promotions.c.promotion_id == promotion_id))
