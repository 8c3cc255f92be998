"""Goods that expire soon, or have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Date, and_, cast, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item, site
from inventory.stock.tables import batch, stock_balance

Rows = Sequence[Any]


@dataclass(frozen=True)
class Nearing:
    """Which goods are asked for: those with at most so many days left after today."""

    sites: Collection[str] | None
    within_days: int
    at: datetime


async def expiring(
    session: AsyncSession, wanted: Nearing, after: Sequence[str] | None, limit: int
) -> Rows:
    """List goods on hand by site, item, warehouse and batch, with the days they have left."""
    balance = stock_balance.c
    key = (balance.site_id, balance.item_id, balance.warehouse_id, balance.batch_id)
    today = cast(func.timezone(site.c.time_zone, wanted.at), Date)
    left = batch.c.expires_on - today
    available = balance.on_hand - balance.allocated - balance.in_inspection - balance.frozen
    query = (
        select(
            *key,
            batch.c.expires_on,
            left.label("days_left"),
            (left - item.c.no_sale_days).label("days_sellable"),
            balance.on_hand,
            balance.frozen,
            available.label("available"),
        )
        .join(batch, and_(batch.c.item_id == balance.item_id, batch.c.batch_id == balance.batch_id))
        .join(site, site.c.site_id == balance.site_id)
        .join(item, item.c.item_id == balance.item_id)
        .where(balance.on_hand > 0, left <= wanted.within_days)
        .order_by(*key)
        .limit(limit)
    )
    if wanted.sites is not None:
        query = query.where(balance.site_id.in_(wanted.sites))
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    return (await session.execute(query)).all()
