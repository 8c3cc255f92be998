"""The read side of the books: always the committed rows themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item
from inventory.stock.domain import Place
from inventory.stock.queries.past import figures_at
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
    """
    places = await session.execute(_page(select(*_PLACE), wanted, after, limit))
    return await figures_at(session, moment, [Place(*place) for place in places])


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
