"""Opens the books for a posting: what it changes is locked, always in the same order.

Documents first, then streams, then balances; within each by key. A row is made before any of its
kind is locked, so that nobody waits for a row to appear while holding one that sorts behind it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Text, Uuid, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.driver import fetch
from inventory.stock.domain import Balance, Books, Entry, Head, Place, Stream
from inventory.stock.tables import Total, booked_document, ledger_entry, stock_balance
from servicekit.columns import Kind, statement

FIGURES = ("on_hand", "allocated", "in_inspection", "frozen")


COLUMNS: dict[str, Kind] = {
    "documents": Uuid,
    "numbers": BigInteger,
    "hashes": LargeBinary,
    **dict.fromkeys(("sites", "items", "warehouses", "batches"), Text),
    **dict.fromkeys(FIGURES, Total),
}
_over = partial(statement, vocabulary=COLUMNS)

_ADMIT = _over("""
    insert into booked_document (document_id, booked_at)
    select document, :booked_at from unnest(:documents) as wanted (document) order by document
    on conflict do nothing returning document_id
""")
_MAKE_STREAMS = _over("""
    insert into stock_stream (site_id, item_id, last_sequence, last_hash)
    select site, item, 0, '' from unnest(:sites, :items) as wanted (site, item)
    order by site, item
    on conflict do nothing
""")
_LOCK_STREAMS = _over("""
    select site_id, item_id, last_sequence, last_hash
    from stock_stream
    join unnest(:sites, :items) as wanted (site, item) on site_id = site and item_id = item
    order by site_id, item_id
    for no key update of stock_stream
""")
_SAVE_STREAMS = _over("""
    update stock_stream set last_sequence = number, last_hash = hash
    from unnest(:sites, :items, :numbers, :hashes) as changed (site, item, number, hash)
    where site_id = site and item_id = item
""")
_MAKE_BALANCES = _over("""
    insert into stock_balance
        (site_id, item_id, warehouse_id, batch_id, on_hand, allocated, in_inspection, frozen)
    select site, item, warehouse, batch, 0, 0, 0, 0
    from unnest(:sites, :items, :warehouses, :batches) as wanted (site, item, warehouse, batch)
    order by site, item, warehouse, batch
    on conflict do nothing
""")
_LOCK_BALANCES = _over("""
    select site_id, item_id, warehouse_id, batch_id, on_hand, allocated, in_inspection, frozen
    from stock_balance
    join unnest(:sites, :items, :warehouses, :batches) as wanted (site, item, warehouse, batch)
        on site_id = site and item_id = item and warehouse_id = warehouse and batch_id = batch
    order by site_id, item_id, warehouse_id, batch_id
    for no key update of stock_balance
""")
_SAVE_BALANCES = _over("""
    update stock_balance as balance
    set on_hand = changed.on_hand, allocated = changed.allocated,
        in_inspection = changed.in_inspection, frozen = changed.frozen
    from unnest(
            :sites, :items, :warehouses, :batches, :on_hand, :allocated, :in_inspection, :frozen)
        as changed (site, item, warehouse, batch, on_hand, allocated, in_inspection, frozen)
    where site_id = site and item_id = item and warehouse_id = warehouse and batch_id = batch
""")


async def admit_documents(
    session: AsyncSession, documents: Collection[UUID], at: datetime
) -> set[UUID]:
    """Return the documents that were never booked, which they are from now on."""
    given = {"documents": list(set(documents)), "booked_at": at}
    return set((await session.scalars(_ADMIT, given)).all())


async def booked_at(session: AsyncSession, document_id: UUID) -> datetime:
    """Return when a document was booked that was not admitted, because it was before."""
    wanted = select(booked_document.c.booked_at).where(booked_document.c.document_id == document_id)
    found: datetime = (await session.scalars(wanted)).one()
    return found


async def open_books(session: AsyncSession, places: Collection[Place]) -> Books:
    """Return streams and balances of the places, locked; those that were missing are made."""
    streams = _stream_columns({place.stream for place in places})
    await session.execute(_MAKE_STREAMS, streams)
    rows = await session.execute(_LOCK_STREAMS, streams)
    heads = {(row.site_id, row.item_id): Head(row.last_sequence, row.last_hash) for row in rows}
    await session.execute(_MAKE_BALANCES, _place_columns(places))
    balances = await lock_balances(session, places)
    return Books(heads, balances)


async def lock_balances(session: AsyncSession, places: Collection[Place]) -> dict[Place, Balance]:
    """Return the balances of the places, locked; a place that never had stock has none."""
    rows = await fetch(session, _LOCK_BALANCES, _place_columns(places))
    return {Place(*row[:4]): Balance(*row[4:]) for row in rows}


async def append(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Add entries to the ledger."""
    rows = [
        {
            "site_id": movement.place.site_id,
            "item_id": movement.place.item_id,
            "sequence": entry.sequence,
            "warehouse_id": movement.place.warehouse_id,
            "batch_id": movement.place.batch_id,
            "kind": movement.kind.value,
            "quantity": movement.quantity,
            "source": movement.source,
            "target": movement.target,
            "document_id": movement.document.document_id,
            "document_number": movement.document.number,
            "line_no": movement.line_no,
            "effective_at": movement.document.effective_at,
            "posted_at": movement.document.posted_at,
            "user_id": movement.document.user_id,
            "device_id": movement.document.device_id,
            "rule": movement.rule,
            "reverses": movement.reverses,
            "hash": entry.hash,
            "serials": list(movement.serials) or None,
        }
        for entry in entries
        for movement in (entry.movement,)
    ]
    await session.execute(insert(ledger_entry), rows)


async def save_books(session: AsyncSession, books: Books) -> None:
    """Write back the streams and balances of opened books."""
    heads = books.streams.values()
    ends = {"numbers": [one.sequence for one in heads], "hashes": [one.hash for one in heads]}
    await session.execute(_SAVE_STREAMS, _stream_columns(books.streams) | ends)
    await save_balances(session, books.balances)


async def save_balances(session: AsyncSession, balances: dict[Place, Balance]) -> None:
    """Write back locked balances."""
    figures = {name: [getattr(one, name) for one in balances.values()] for name in FIGURES}
    await fetch(session, _SAVE_BALANCES, _place_columns(balances) | figures)


async def find_stock(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Place]:
    """Return one place for each of the items that is in stock anywhere."""
    balance = stock_balance.c
    rows = await session.execute(
        select(balance.site_id, balance.item_id, balance.warehouse_id, balance.batch_id)
        .where(balance.item_id.in_(item_ids), balance.on_hand > 0)
        .ext(distinct_on(balance.item_id))
        .order_by(balance.item_id, balance.site_id, balance.warehouse_id)
    )
    return {row.item_id: Place(*row) for row in rows}


def _stream_columns(streams: Iterable[Stream]) -> dict[str, list[object]]:
    pairs = list(streams)
    return {"sites": [site for site, _ in pairs], "items": [item for _, item in pairs]}


def _place_columns(places: Iterable[Place]) -> dict[str, list[object]]:
    given = list(places)
    return {
        "sites": [place.site_id for place in given],
        "items": [place.item_id for place in given],
        "warehouses": [place.warehouse_id for place in given],
        "batches": [place.batch_id for place in given],
    }
