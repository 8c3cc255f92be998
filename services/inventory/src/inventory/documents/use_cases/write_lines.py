"""Work out the lines of a draft: in base units, with the goods named as their items demand."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import Item, inspection_rule
from inventory.documents import store
from inventory.documents.domain import (
    DocumentKind,
    DocumentLine,
    DraftLine,
    StockDocument,
    must_be_sent_to,
)
from inventory.stock import store as books

INSPECTED_ON_ENTRY = frozenset({DocumentKind.RECEIPT, DocumentKind.TRANSFER_ARRIVAL})


async def write_lines(
    session: AsyncSession, document: StockDocument, given: Sequence[DraftLine]
) -> list[DocumentLine]:
    """Return the lines a document is to have; raise for the first that can't be."""
    item_ids = {line.item_id for line in given}
    items = await catalog.take_into_use(session, item_ids)
    units = await catalog.load_units(session, item_ids)
    lines = []
    for line_no, wanted in enumerate(given, start=1):
        measured = units[wanted.item_id].to_base(wanted.unit, wanted.quantity)
        line = DocumentLine.of(document.kind, line_no, wanted, measured)
        line.must_be_priced_for(document.kind, document.currency)
        items[line.item_id].must_be_stocked()
        items[line.item_id].must_be_named(line.batch_id, tuple(line.serials), line.quantity)
        lines.append(line)
    await books.load_batches(
        session, {(one.item_id, one.batch_id) for one in lines if one.batch_id}
    )
    await _hold_for_inspection(session, document, lines, items)
    if document.dispatch_id is not None:
        must_be_sent_to(document, lines, await store.load(session, document.dispatch_id))
    return lines


async def _hold_for_inspection(
    session: AsyncSession,
    document: StockDocument,
    lines: Sequence[DocumentLine],
    items: dict[str, Item],
) -> None:
    """Whatever comes in where inspection is required waits for it (A5)."""
    if document.kind not in INSPECTED_ON_ENTRY:
        return
    key = document.site_id, document.warehouse_id
    warehouse = (await catalog.load_warehouses(session, {key}))[key]
    for line in lines:
        if rule := inspection_rule(items[line.item_id], warehouse):
            line.hold_for_inspection(rule)
