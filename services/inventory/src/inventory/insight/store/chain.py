"""The ledger in the order of its chains, a page at a time: no snapshot is held for long."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.insight.domain.chain import ChainWalk, Position
from inventory.stock.domain.books import Head
from inventory.stock.domain.movements import (
    Document,
    Entry,
    Movement,
    Place,
    SerialsMiscounted,
)
from inventory.stock.tables import ledger_entry, stock_stream


@dataclass(frozen=True)
class Scope:
    """Which chains are looked at; None means any."""

    site_id: str | None = None
    item_id: str | None = None


async def walk_on(session: AsyncSession, walk: ChainWalk, scope: Scope, limit: int) -> bool:
    """Follow so many entries more, and return whether there is something left to follow.

    An entry is read together with the end of its stream, so what is booked meanwhile is no breach.
    """
    rows = (await session.execute(_page(walk.at, scope).limit(limit + 1))).all()
    for row in rows[:limit]:
        walk.follow(_entry(row), _end(row))
    more = len(rows) > limit
    if not more or (rows[limit].site_id, rows[limit].item_id) != (walk.at and walk.at.stream):
        walk.leave()
    return more


async def miss_streams(session: AsyncSession, walk: ChainWalk, scope: Scope, limit: int) -> None:
    """Find the streams that know an end, but have lost every entry."""
    written = exists().where(
        ledger_entry.c.site_id == stock_stream.c.site_id,
        ledger_entry.c.item_id == stock_stream.c.item_id,
    )
    key = (stock_stream.c.site_id, stock_stream.c.item_id)
    lost = select(stock_stream).where(stock_stream.c.last_sequence > 0, ~written).order_by(*key)
    for row in await session.execute(_narrowed(lost, stock_stream, scope).limit(limit)):
        walk.miss((row.site_id, row.item_id), Head(row.last_sequence, row.last_hash))


def _page(after: Position | None, scope: Scope) -> Any:
    table, stream = ledger_entry.c, stock_stream.c
    key = (table.site_id, table.item_id, table.sequence)
    same = (stream.site_id == table.site_id) & (stream.item_id == table.item_id)
    query = (
        select(ledger_entry, stream.last_sequence, stream.last_hash)
        .select_from(ledger_entry.outerjoin(stock_stream, same))
        .order_by(*key)
    )
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after.stream, after.sequence))
    return _narrowed(query, ledger_entry, scope)


def _narrowed(query: Any, table: Any, scope: Scope) -> Any:
    if scope.site_id is not None:
        query = query.where(table.c.site_id == scope.site_id)
    if scope.item_id is not None:
        query = query.where(table.c.item_id == scope.item_id)
    return query


def _end(row: Row[Any]) -> Head | None:
    return None if row.last_sequence is None else Head(row.last_sequence, row.last_hash)


def _entry(row: Row[Any]) -> Entry:
    """Return what is written, word for word: a word that makes no sense is a breach, no crash."""
    document = Document(
        row.document_id,
        row.document_number,
        row.effective_at,
        row.posted_at,
        row.user_id,
        row.device_id,
    )
    movement = Movement(
        row.kind,
        Place(row.site_id, row.item_id, row.warehouse_id, row.batch_id),
        row.quantity,
        document,
        row.line_no,
        row.source,
        row.target,
        row.rule,
        row.reverses,
    )
    # Units that are miscounted were never written like this: without them the hash can't fit.
    with suppress(SerialsMiscounted):
        movement = replace(movement, serials=tuple(row.serials or ()))
    return Entry(row.sequence, movement, row.hash)
