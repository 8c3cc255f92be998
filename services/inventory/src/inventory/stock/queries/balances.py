"""The read side of the books: always the committed rows themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, null, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item
from inventory.stock.tables import ledger_entry, stock_balance, stock_stream

Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class StockFilter:
    """Which balances are asked for; None means any."""

    covered: Collection[str] | None
    site_id: str | None = None
    item_id: str | None = None
    warehouse_id: str | None = None
    batch_id: str | None = None
    category: str | None = None


_PLACE = (
    stock_balance.c.site_id,
    stock_balance.c.item_id,
    stock_balance.c.warehouse_id,
    stock_balance.c.batch_id,
)


async def balances(
    session: AsyncSession, wanted: StockFilter, after: list[str] | None, limit: int
) -> Rows:
    """List balances with the last entry they contain, and when its item moved there."""
    table, stream, last = stock_balance.c, stock_stream.c, ledger_entry.c
    available = table.on_hand - table.allocated - table.in_inspection - table.frozen
    columns = (
        stock_balance,
        available.label("available"),
        stream.last_sequence.label("sequence"),
        last.posted_at.label("moved_at"),
    )
    same = (stream.site_id == table.site_id) & (stream.item_id == table.item_id)
    newest = (
        (last.site_id == stream.site_id)
        & (last.item_id == stream.item_id)
        & (last.sequence == stream.last_sequence)
    )
    query = _page(select(*columns), wanted, after, limit)
    query = query.join(stock_stream, same).outerjoin(ledger_entry, newest)
    return (await session.execute(query)).all()


async def balances_at(
    session: AsyncSession,
    moment: datetime,
    wanted: StockFilter,
    after: list[str] | None,
    limit: int,
) -> Rows:
    """List what the ledger says of the same places as of a moment, by the time of posting.

    Every place that ever had stock has a balance now, so these are the places there can be.
    Promises are no entries: of a past moment nobody knows what was allocated.
    """
    places = _page(select(*_PLACE), wanted, after, limit).cte("places")
    streams = select(places.c.site_id, places.c.item_id).distinct().subquery("streams")
    written = _written(streams, moment)
    key = tuple(places.c[column.name] for column in _PLACE)
    query: Any = (
        select(
            *key,
            *(func.coalesce(written.c[name], 0).label(name) for name in PAST_FIGURES),
            null().label("allocated"),
            null().label("available"),
            func.coalesce(written.c.sequence, 0).label("sequence"),
            written.c.moved_at,
        )
        .select_from(places)
        .outerjoin(written, and_(*(column == written.c[column.name] for column in key)))
        .order_by(*key)
    )
    rows: Rows = (await session.execute(query)).all()
    return rows


PAST_FIGURES = ("on_hand", "in_inspection", "frozen")


def _written(streams: Any, moment: datetime) -> Any:
    """Return the sums of each stream's entries up to a moment, by place: each read by its key."""
    entry = ledger_entry.c
    sums = (
        select(
            entry.warehouse_id,
            entry.batch_id,
            func.sum(entry.change).label("on_hand"),
            *(_in_status(status).label(status) for status in PAST_FIGURES[1:]),
            func.max(entry.sequence).label("sequence"),
            func.max(entry.posted_at).label("moved_at"),
        )
        .where(
            entry.site_id == streams.c.site_id,
            entry.item_id == streams.c.item_id,
            entry.posted_at <= moment,
        )
        .group_by(entry.warehouse_id, entry.batch_id)
        .lateral("sums")
    )
    joined = select(streams, sums).select_from(streams).join(sums, true())
    return joined.subquery("written")


def _in_status(status: str) -> Any:
    entry = ledger_entry.c
    came = case((entry.target == status, entry.quantity), else_=0)
    return func.sum(came - case((entry.source == status, entry.quantity), else_=0))


def _page(query: Any, wanted: StockFilter, after: list[str] | None, limit: int) -> Any:
    """Return a query over balances, narrowed, and cut to a page in the order of places."""
    query = query.select_from(stock_balance).order_by(*_PLACE).limit(limit)
    if wanted.covered is not None:
        query = query.where(stock_balance.c.site_id.in_(wanted.covered))
    for column in _PLACE:
        if (value := getattr(wanted, column.name)) is not None:
            query = query.where(column == value)
    if wanted.category is not None:
        query = query.join(item, item.c.item_id == stock_balance.c.item_id)
        query = query.where(item.c.category == wanted.category)
    if after is not None:
        query = query.where(tuple_(*_PLACE) > tuple_(*after))
    return query


async def entries(
    session: AsyncSession, site_id: str, item_id: str, after_sequence: int, limit: int
) -> Rows:
    """List the ledger of a site's item in the order it was written."""
    table = ledger_entry.c
    query = (
        select(ledger_entry)
        .where(table.site_id == site_id, table.item_id == item_id, table.sequence > after_sequence)
        .order_by(table.sequence)
        .limit(limit)
    )
    return (await session.execute(query)).all()
