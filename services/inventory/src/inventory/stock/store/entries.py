"""Reads back what stands in the ledger."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import Document, Entry, Kind, Movement, Place, Status
from inventory.stock.tables import ledger_entry
from servicekit.columns import statement

EntryKey = tuple[str, int]
"""Item and number, within a site."""
DocumentLine = tuple[UUID, str, int]
"""Shipment or receipt, item and line."""

_ENTRIES = statement(
    """
    select ledger_entry.* from ledger_entry
    join unnest(:items, :numbers) with ordinality as wanted (item, number, position)
        on item_id = item and sequence = number
    where site_id = :site order by position
""",
    items=Text,
    numbers=BigInteger,
)


_SHIPPED = statement(
    """
    select document_id, item_id, line_no, sequence from ledger_entry
    where document_id = any(:documents) and kind = 'shipment'
""",
    documents=Uuid,
)
_RECEIVED = statement(
    """
    select document_id, site_id, item_id, warehouse_id, batch_id, line_no, sequence
    from ledger_entry where document_id = any(:documents) and kind = 'receipt'
""",
    documents=Uuid,
)


async def shipped_entries(
    session: AsyncSession, shipments: Collection[UUID]
) -> dict[DocumentLine, int]:
    """Return the numbers of the entries by which shipments left, by shipment, item and line."""
    if not shipments:
        return {}
    rows = await session.execute(_SHIPPED, {"documents": sorted(set(shipments))})
    return {(row.document_id, row.item_id, row.line_no): row.sequence for row in rows}


async def received_entries(
    session: AsyncSession, receipts: Collection[UUID]
) -> dict[DocumentLine, tuple[Place, int]]:
    """Return where receipts came in, and by which entries, by receipt, item and line."""
    if not receipts:
        return {}
    rows = await session.execute(_RECEIVED, {"documents": sorted(set(receipts))})
    return {
        (row.document_id, row.item_id, row.line_no): (
            Place(row.site_id, row.item_id, row.warehouse_id, row.batch_id),
            row.sequence,
        )
        for row in rows
    }


async def load_entries(
    session: AsyncSession, site_id: str, keys: Sequence[EntryKey]
) -> list[Entry]:
    """Return entries of a site by item and number, in the order given."""
    given = {
        "site": site_id,
        "items": [item_id for item_id, _ in keys],
        "numbers": [number for _, number in keys],
    }
    return [_entry(row) for row in await session.execute(_ENTRIES, given)]


async def document_entries(
    session: AsyncSession, site_id: str, document_id: UUID, kind: Kind
) -> list[Entry]:
    """Return the entries of a kind that a document made at a site, in order of their streams."""
    entry = ledger_entry.c
    wanted = (
        select(ledger_entry)
        .where(entry.document_id == document_id, entry.kind == kind.value)
        .where(entry.site_id == site_id)
        .order_by(entry.item_id, entry.sequence)
    )
    return [_entry(row) for row in await session.execute(wanted)]


def _entry(row: Row[Any]) -> Entry:
    document = Document(
        row.document_id,
        row.document_number,
        row.effective_at,
        row.posted_at,
        row.user_id,
        row.device_id,
    )
    movement = Movement(
        Kind(row.kind),
        Place(row.site_id, row.item_id, row.warehouse_id, row.batch_id),
        row.quantity,
        document,
        row.line_no,
        None if row.source is None else Status(row.source),
        None if row.target is None else Status(row.target),
        row.rule,
        row.reverses,
        tuple(row.serials or ()),
    )
    return Entry(row.sequence, movement, row.hash)
