"""Goods that expire soon, or have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, cast, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item, site
from inventory.stock.domain import Place
from inventory.stock.queries import figures_at
from inventory.stock.tables import batch, stock_balance

Rows = Sequence[Any]

_KEY = ("site_id", "item_id", "warehouse_id", "batch_id")

PLACES_AT_ONCE = 500
"""Places whose past is looked up together."""


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
    available = balance.on_hand - balance.allocated - balance.in_inspection - balance.frozen
    figures = (balance.on_hand, balance.frozen, available.label("available"))
    query = _nearing(wanted, after, figures).where(balance.on_hand > 0).limit(limit)
    rows: Rows = (await session.execute(query)).all()
    return rows


async def expiring_at(
    session: AsyncSession, wanted: Nearing, after: Sequence[str] | None, limit: int
) -> Rows:
    """List the same as of a past moment, from what the ledger says of the places.

    What is gone by now was there then, so places are looked up until so many had goods.
    """
    found: list[dict[str, Any]] = []
    while len(found) < limit:
        query = _nearing(wanted, after, ()).limit(PLACES_AT_ONCE)
        rows = (await session.execute(query)).mappings().all()
        places = [Place(*(row[name] for name in _KEY)) for row in rows]
        for row, then in zip(rows, await figures_at(session, wanted.at, places), strict=True):
            if then.on_hand > 0:
                had = {"on_hand": then.on_hand, "frozen": then.frozen, "available": None}
                found.append({**row, **had})
        if len(rows) < PLACES_AT_ONCE:
            break
        after = [rows[-1][name] for name in _KEY]
    return found[:limit]


def _nearing(
    wanted: Nearing, after: Sequence[str] | None, figures: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    """Return a query over the places of batches that are near their expiry, in order."""
    key = tuple(stock_balance.c[name] for name in _KEY)
    balance = stock_balance.c
    today = cast(func.timezone(site.c.time_zone, wanted.at), Date)
    left = batch.c.expires_on - today
    query = (
        select(
            *key,
            batch.c.expires_on,
            left.label("days_left"),
            (left - item.c.no_sale_days).label("days_sellable"),
            *figures,
        )
        .join(batch, and_(batch.c.item_id == balance.item_id, batch.c.batch_id == balance.batch_id))
        .join(site, site.c.site_id == balance.site_id)
        .join(item, item.c.item_id == balance.item_id)
        .where(left <= wanted.within_days)
        .order_by(*key)
    )
    if wanted.sites is not None:
        query = query.where(balance.site_id.in_(wanted.sites))
    return query if after is None else query.where(tuple_(*key) > tuple_(*after))
