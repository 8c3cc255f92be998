"""Loads and locks stock documents, always before goods in transit, streams and balances."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.documents.domain import StockDocument, UnknownDocument
from inventory.documents.tables import (
    stock_document,
    stock_document_counter,
    stock_document_entry,
    stock_document_line,
)
from inventory.stock.domain import Entry
from inventory.stock.store import load_entries


async def add(session: AsyncSession, document: StockDocument) -> None:
    """Add a document with its lines."""
    session.add(document)
    await session.flush()
    await _add_lines(session, document)


async def replace_lines(session: AsyncSession, document: StockDocument) -> None:
    """Write the lines of a draft anew."""
    table = stock_document_line.c
    await session.execute(
        delete(stock_document_line).where(
            table.site_id == document.site_id, table.document_id == document.document_id
        )
    )
    await _add_lines(session, document)


async def _add_lines(session: AsyncSession, document: StockDocument) -> None:
    key = {"site_id": document.site_id, "document_id": document.document_id}
    names = [column.name for column in stock_document_line.columns if column.name not in key]
    rows = [key | {name: getattr(line, name) for name in names} for line in document.lines]
    await session.execute(plain_insert(stock_document_line), rows)


async def load(session: AsyncSession, document_id: UUID) -> StockDocument:
    """Return a document, or raise `UnknownDocument`."""
    wanted = select(StockDocument).where(stock_document.c.document_id == document_id)
    return _known(await session.scalar(wanted), document_id)


async def lock(session: AsyncSession, document_id: UUID) -> StockDocument:
    """Return a document, locked as it stands now, or raise `UnknownDocument`."""
    wanted = (
        select(StockDocument)
        .where(stock_document.c.document_id == document_id)
        .with_for_update(key_share=True, of=stock_document)
        .execution_options(populate_existing=True)
    )
    return _known(await session.scalar(wanted), document_id)


def _known(found: StockDocument | None, document_id: UUID) -> StockDocument:
    if found is None:
        raise UnknownDocument(document=document_id)
    return found


async def next_number(session: AsyncSession, prefix: str, site_id: str, day: date) -> str:
    """Return the next number of a site's day.

    Others of that site wait for theirs until this transaction ends: take it last.
    """
    first = insert(stock_document_counter).values(site_id=site_id, prefix=prefix, day=day, last=1)
    counted = await session.scalar(
        first.on_conflict_do_update(
            index_elements=["site_id", "prefix", "day"],
            set_={"last": stock_document_counter.c.last + 1},
        ).returning(stock_document_counter.c.last)
    )
    return f"{prefix}-{site_id}-{day:%Y%m%d}-{counted:04}"


async def keep_entries(
    session: AsyncSession, document: StockDocument, entries: Sequence[Entry]
) -> None:
    """Keep which entries a document made, in their order."""
    rows = [
        {
            "site_id": document.site_id,
            "document_id": document.document_id,
            "entry_no": entry_no,
            "line_no": entry.movement.line_no,
            "item_id": entry.movement.place.item_id,
            "sequence": entry.sequence,
        }
        for entry_no, entry in enumerate(entries, start=1)
    ]
    await session.execute(plain_insert(stock_document_entry), rows)


async def entries_of(session: AsyncSession, document: StockDocument) -> list[Entry]:
    """Return the entries that a document made, in their order."""
    table = stock_document_entry.c
    made = await session.execute(
        select(table.item_id, table.sequence)
        .where(table.site_id == document.site_id, table.document_id == document.document_id)
        .order_by(table.entry_no)
    )
    keys = [(row.item_id, row.sequence) for row in made]
    return await load_entries(session, document.site_id, keys)
