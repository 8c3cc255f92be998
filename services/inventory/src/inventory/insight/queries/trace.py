"""The entries a trace passes through, and the documents behind them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Row,
    Text,
    Uuid,
    bindparam,
    cast,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.insight.domain.trace import Direction, Point, Position, Stretch, Touch, Transfer
from inventory.insight.tables import HAS_BATCH, HAS_SERIALS
from inventory.stock.domain.movements import Place
from inventory.stock.tables import ledger_entry, stock_balance, stock_stream

Rows = Sequence[Row[Any]]

TOUCHES_MAX = 10_000
STREAMS_AT_FIRST = 5
TRANSFERS_MAX = 5_000
"""Transfers of a document's items that are followed, those nearest to it in time first."""

_STRETCHES = """
    select entry.* from unnest(:sites, :items, :warehouses, :batches, :firsts, :lasts)
        as part (site, item, warehouse, batch, first, last)
    cross join lateral (
        select * from ledger_entry
        where site_id = site and item_id = item and sequence between first and last
            and (warehouse is null or warehouse_id = warehouse)
            and (batch is null or batch_id = batch)
        order by sequence {order} limit :limit
    ) as entry
    order by entry.site_id {order}, entry.item_id {order}, entry.sequence {order} limit :limit
"""
_ARRAYS: tuple[BindParameter[Any], ...] = (
    *(bindparam(name, type_=ARRAY(Text)) for name in ("sites", "items", "warehouses", "batches")),
    *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("firsts", "lasts")),
)
_FOLLOW = {
    direction: text(_STRETCHES.format(order=order)).bindparams(*_ARRAYS)
    for direction, order in ((Direction.FORWARD, "asc"), (Direction.BACKWARD, "desc"))
}
_TRANSFERS = """
    select left_entry.item_id, line.batch_id,
        left_by.site_id as from_site, left_by.warehouse_id as from_warehouse,
        left_entry.sequence as from_sequence,
        came_by.site_id as to_site, came_by.warehouse_id as to_warehouse,
        came_entry.sequence as to_sequence
    from stock_document_line as line
    join stock_document as left_by using (site_id, document_id)
    join stock_document_entry as left_entry using (site_id, document_id, line_no)
    join stock_document as came_by
        on came_by.dispatch_id = left_by.document_id and came_by.kind = 'transfer_arrival'
    join stock_document_line as came_line
        on came_line.site_id = came_by.site_id and came_line.document_id = came_by.document_id
        and came_line.dispatch_line_no = line.line_no
    join stock_document_entry as came_entry
        on came_entry.site_id = came_by.site_id and came_entry.document_id = came_by.document_id
        and came_entry.line_no = came_line.line_no
    where line.item_id = any(:items) and left_by.kind = 'transfer_dispatch'
        and {near} order by {by} limit :limit
"""
_ITEMS = bindparam("items", type_=ARRAY(Text))
_CARRY = {
    Direction.FORWARD: _TRANSFERS.format(
        near="left_by.posted_at >= :posted_at", by="left_by.posted_at"
    ),
    Direction.BACKWARD: _TRANSFERS.format(
        near="came_by.posted_at <= :posted_at", by="came_by.posted_at desc"
    ),
}
_DOCUMENTS = text("""
    select document.document_id, number, kind, status, drafted_at, drafted_by, drafted_with,
        audited_at, audited_by, approved_at, approved_by, posted_at, posted_by, posted_with,
        source_document, reason, reverses, reversed_by, dispatch_id,
        array(select arrival.document_id from stock_document as arrival
            where arrival.dispatch_id = document.document_id order by 1 limit 100) as arrivals
    from stock_document as document where document_id = any(:documents)
""").bindparams(bindparam("documents", type_=ARRAY(Uuid)))
_ORDERS = text("""
    select shipment_id, order_id, reservation_id from order_shipment
    where shipment_id = any(:documents)
""").bindparams(bindparam("documents", type_=ARRAY(Uuid)))


@dataclass(frozen=True)
class Reading:
    """How a trace is read: which way, for which sites (None means all), from where, how far."""

    direction: Direction
    covered: Collection[str] | None
    after: Position | None
    limit: int

    @property
    def forward(self) -> bool:
        """Tell whether the oldest entries come first."""
        return self.direction is Direction.FORWARD


async def touches(session: AsyncSession, document_id: UUID) -> tuple[list[Touch], datetime | None]:
    """Return the entries of a document, and when it was posted."""
    entry = ledger_entry.c
    wanted = select(ledger_entry).where(entry.document_id == document_id).limit(TOUCHES_MAX)
    rows = (await session.execute(wanted)).all()
    found = [
        Touch(
            Point(Place(row.site_id, row.item_id, row.warehouse_id, row.batch_id), row.sequence),
            takes=row.source is not None,
            brings=row.target is not None,
        )
        for row in rows
    ]
    return found, max((row.posted_at for row in rows), default=None)


async def transfers(
    session: AsyncSession, items: Iterable[str], direction: Direction, posted_at: datetime
) -> list[Transfer]:
    """Return the transfers of items after a moment, or before it."""
    given = {"items": sorted(set(items)), "posted_at": posted_at, "limit": TRANSFERS_MAX}
    rows = await session.execute(text(_CARRY[direction]).bindparams(_ITEMS), given)
    return [
        Transfer(
            Point(Place(row.from_site, row.item_id, row.from_warehouse, row.batch_id), row[4]),
            Point(Place(row.to_site, row.item_id, row.to_warehouse, row.batch_id), row[7]),
        )
        for row in rows
    ]


async def follow(session: AsyncSession, stretches: Iterable[Stretch], reading: Reading) -> Rows:
    """Return entries of stretches, stream by stream.

    A few streams are asked first and four times as many after each, as a page is mostly full
    with the first of them, and to read all for its sake would cost as much as all of them.
    """
    rows: list[Row[Any]] = []
    streams = [list(parts) for _, parts in groupby(_ahead(stretches, reading), _stream)]
    began, width = 0, STREAMS_AT_FIRST
    while began < len(streams) and len(rows) < reading.limit:
        parts = list(chain.from_iterable(streams[began : began + width]))
        rows += await _entries(session, parts, reading, reading.limit - len(rows))
        began, width = began + width, width * 4
    return rows


async def _entries(
    session: AsyncSession, parts: Sequence[Stretch], reading: Reading, limit: int
) -> Rows:
    given = {
        "sites": [part.stream[0] for part in parts],
        "items": [part.stream[1] for part in parts],
        "warehouses": [part.warehouse_id for part in parts],
        "batches": [part.batch_id for part in parts],
        "firsts": [part.first for part in parts],
        "lasts": [part.last for part in parts],
        "limit": limit,
    }
    return (await session.execute(_FOLLOW[reading.direction], given)).all()


def _stream(part: Stretch) -> tuple[str, str]:
    return part.stream


def _ahead(stretches: Iterable[Stretch], reading: Reading) -> list[Stretch]:
    """Return what lies ahead: every stream has an entry, so a page needs no more of them."""
    kept: list[Stretch] = []
    streams: set[tuple[str, str]] = set()
    for part in sorted(stretches, key=lambda one: one.stream, reverse=not reading.forward):
        left = part.ahead(reading.after, reading.direction)
        if left is None:
            continue
        streams.add(left.stream)
        if len(streams) > reading.limit + 1:
            break
        kept.append(left)
    return kept


async def streams_of_item(
    session: AsyncSession, item_id: str, site_id: str | None, reading: Reading
) -> list[Stretch]:
    """Return the streams of an item, as many as a page may need."""
    stream = stock_stream.c
    wanted = select(stream.site_id, stream.item_id).where(stream.item_id == item_id)
    if site_id is not None:
        wanted = wanted.where(stream.site_id == site_id)
    return await _streams(session, wanted, stream, reading)


async def streams_of_warehouse(
    session: AsyncSession, site_id: str, warehouse_id: str, reading: Reading
) -> list[Stretch]:
    """Return the streams that have ever been in a warehouse, as many as a page may need."""
    balance = stock_balance.c
    wanted = (
        select(balance.site_id, balance.item_id)
        .distinct()
        .where(balance.site_id == site_id, balance.warehouse_id == warehouse_id)
    )
    found = await _streams(session, wanted, balance, reading)
    return [Stretch(one.stream, warehouse_id=warehouse_id) for one in found]


async def _streams(
    session: AsyncSession, wanted: Any, table: Any, reading: Reading
) -> list[Stretch]:
    key = (table.site_id, table.item_id)
    if reading.covered is not None:
        wanted = wanted.where(table.site_id.in_(reading.covered))
    if reading.after is not None:
        start = tuple_(*reading.after[0])
        wanted = wanted.where(tuple_(*key) >= start if reading.forward else tuple_(*key) <= start)
    order = key if reading.forward else tuple(column.desc() for column in key)
    rows = await session.execute(wanted.order_by(*order).limit(reading.limit + 1))
    return [Stretch((row.site_id, row.item_id)) for row in rows]


@dataclass(frozen=True)
class Mark:
    """What tells some units of an item from the others: their batch or their serial number."""

    item_id: str
    batch_id: str | None = None
    serial_no: str | None = None
    site_id: str | None = None


async def marked(session: AsyncSession, mark: Mark, reading: Reading) -> Rows:
    """Return the entries of a batch or of a single unit, wherever it was."""
    entry = ledger_entry.c
    key = (entry.site_id, entry.item_id, entry.sequence)
    wanted = select(ledger_entry).where(entry.item_id == mark.item_id).limit(reading.limit)
    if mark.batch_id is not None:
        wanted = wanted.where(entry.batch_id == mark.batch_id, HAS_BATCH)
    if mark.serial_no is not None:
        unit = cast(postgresql.array([mark.serial_no]), postgresql.ARRAY(Text))
        wanted = wanted.where(entry.serials.contains(unit), HAS_SERIALS)
    if mark.site_id is not None:
        wanted = wanted.where(entry.site_id == mark.site_id)
    if reading.covered is not None:
        wanted = wanted.where(entry.site_id.in_(reading.covered))
    if reading.after is not None:
        stream, sequence = reading.after
        start = tuple_(*stream, sequence)
        wanted = wanted.where(tuple_(*key) > start if reading.forward else tuple_(*key) < start)
    order = key if reading.forward else tuple(column.desc() for column in key)
    return (await session.execute(wanted.order_by(*order))).all()


async def documents(session: AsyncSession, ids: Iterable[UUID]) -> Rows:
    """Return the stock documents among these, with whoever had a part in them."""
    return (await session.execute(_DOCUMENTS, {"documents": sorted(set(ids))})).all()


async def orders(session: AsyncSession, ids: Iterable[UUID]) -> Rows:
    """Return the orders and reservations of the shipments among these documents."""
    return (await session.execute(_ORDERS, {"documents": sorted(set(ids))})).all()
