"""Whole lists of value entries, for files: in the order of their primary key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from costing.insight.queries.sums import IS_SOLD, MOVED
from costing.valuation.tables import value_entry

Rows = Sequence[Any]
Position = tuple[str, str, int]
"""Site, item and sequence of an entry."""
entry = value_entry.c


@dataclass(frozen=True)
class Span:
    """Which entries are wanted; None means any."""

    item_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Up to, and without, this moment."""


async def entries(
    session: AsyncSession,
    sites: Collection[str] | None,
    span: Span,
    after: Position | None,
    limit: int,
) -> Rows:
    """List value entries."""
    return await _page(session, select(value_entry), sites, span, after, limit)


async def goods_sold(
    session: AsyncSession,
    sites: Collection[str] | None,
    span: Span,
    after: Position | None,
    limit: int,
) -> Rows:
    """List what entries add to the cost of goods sold."""
    cost: ColumnElement[Any] = entry.cost_of_sales - case((MOVED, entry.value), else_=0)
    shown = select(
        *(column for column in entry if column.name not in ("quantity", "value")),
        case((MOVED, -entry.quantity), else_=0).label("quantity"),
        cost.label("cost"),
        entry.cost_of_sales.label("correction"),
    )
    return await _page(session, shown.where(IS_SOLD), sites, span, after, limit)


async def _page(
    session: AsyncSession,
    wanted: Select[Any],
    sites: Collection[str] | None,
    span: Span,
    after: Position | None,
    limit: int,
) -> Rows:
    place = (entry.site_id, entry.item_id, entry.sequence)
    wanted = wanted.order_by(*place).limit(limit)
    if sites is not None:
        wanted = wanted.where(entry.site_id.in_(sites))
    if span.item_id is not None:
        wanted = wanted.where(entry.item_id == span.item_id)
    if span.since is not None:
        wanted = wanted.where(entry.posted_at >= span.since)
    if span.until is not None:
        wanted = wanted.where(entry.posted_at < span.until)
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*after))
    rows: Rows = (await session.execute(wanted)).all()
    return rows
