"""The read side of the books: always the committed rows themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

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


async def balances(
    session: AsyncSession, wanted: StockFilter, after: list[str] | None, limit: int
) -> Rows:
    """List balances with the number of the last entry they contain."""
    table = stock_balance.c
    key = (table.site_id, table.item_id, table.warehouse_id, table.batch_id)
    available = table.on_hand - table.allocated - table.in_inspection - table.frozen
    last = stock_stream.c.last_sequence.label("sequence")
    query = (
        select(stock_balance, available.label("available"), last)
        .join(stock_stream, _same_stream())
        .order_by(*key)
        .limit(limit)
    )
    if wanted.covered is not None:
        query = query.where(table.site_id.in_(wanted.covered))
    for column in key:
        if (value := getattr(wanted, column.name)) is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    return (await session.execute(query)).all()


def _same_stream() -> Any:
    table = stock_balance.c
    return (stock_stream.c.site_id == table.site_id) & (stock_stream.c.item_id == table.item_id)


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
