"""Return goods to their supplier: they leave the books in the call that asks, or it is refused.

Until inventory says so nothing has left, so that there is nothing to hold before: what is asked is
decided on the locked books, whatever status the goods are in. Purchasing hears of it by a fact, so
that a lost answer leaves nothing undone; asked once more, the answer is the same.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import StockReturnedToSupplier, SupplierReturnBooked
from inventory.catalog import store as catalog
from inventory.catalog.domain import plain
from inventory.reservations.use_cases.guard_units import must_not_be_promised
from inventory.returns.domain import (
    GoodsNotThere,
    ReceiptNotInLedger,
    Source,
    SupplierReturn,
    choose,
)
from inventory.returns.use_cases.explain_shortage import explain_shortage
from inventory.stock import store as books
from inventory.stock.domain import Balance, Entry, Kind, Movement, Place, Status
from inventory.stock.use_cases.book_movements import book_movements
from servicekit import outbox
from servicekit.clock import now


async def return_to_supplier(session: AsyncSession, asked: SupplierReturn) -> datetime:
    """Return when the goods left the books, which they do once."""
    at, return_id = now(), asked.document.document_id
    if not await books.admit_documents(session, [return_id], at):
        return await books.booked_at(session, return_id)
    sources = await _sources(session, asked)
    places = {one.place for one in sources}
    await catalog.must_know_warehouses(
        session, {(place.site_id, place.warehouse_id) for place in places}
    )
    opened = await books.open_books(session, places)
    statuses, short = choose(sources, opened.balances)
    if short:
        raise await _not_there(session, asked, short, opened.balances)
    moves = [
        (_movement(asked, source, status), source)
        for source, status in zip(sources, statuses, strict=True)
    ]
    await must_not_be_promised(session, [movement for movement, _ in moves])
    await book_movements(session, moves, lambda entry, one: _fact(entry, one, asked))
    booked = SupplierReturnBooked(
        return_id=return_id, receipt_id=asked.receipt_id, site_id=asked.site_id, booked_at=at
    )
    await outbox.add(session, [booked])
    return at


async def _sources(session: AsyncSession, asked: SupplierReturn) -> Sequence[Source]:
    """Return where the goods lie and by which entries they came; raise if one never did."""
    items = await catalog.load_items(session, {line.item_id for line in asked.lines})
    came = await books.received_entries(session, {asked.receipt_id})
    entries = {
        (entry.movement.place.item_id, entry.sequence): entry.movement
        for entry in await books.load_entries(
            session, asked.site_id, [(place.item_id, number) for place, number in came.values()]
        )
    }
    sources = []
    for line in asked.lines:
        items[line.item_id].must_hold(line.quantity)
        items[line.item_id].must_be_named(line.batch_id, line.serials, line.quantity)
        place, number = came.get((asked.receipt_id, line.item_id, line.receipt_line_no), (None, 0))
        movement = entries.get((line.item_id, number))
        if place is None or movement is None or place.batch_id != line.batch_id:
            raise ReceiptNotInLedger(
                line_no=line.line_no, number=asked.document.number, receipt=asked.receipt_number
            )
        there = place._replace(warehouse_id=line.warehouse_id or place.warehouse_id)
        sources.append(Source(line, there, number, movement.target or Status.AVAILABLE))
    return sources


def _movement(asked: SupplierReturn, source: Source, status: Status) -> Movement:
    return Movement(
        Kind.SUPPLIER_RETURN,
        source.place,
        source.line.quantity,
        asked.document,
        source.line.line_no,
        source=status,
        target=None,
        rule="reversal" if asked.is_reversal else f"return: {asked.cause}",
        reverses=source.came_by,
        serials=source.line.serials,
        undoes=Kind.RECEIPT if asked.is_reversal else None,
    )


def _fact(entry: Entry, source: Source, asked: SupplierReturn) -> StockReturnedToSupplier:
    movement, document = entry.movement, asked.document
    return StockReturnedToSupplier.model_validate(
        {
            **movement.place._asdict(),
            "sequence": entry.sequence,
            "quantity": movement.quantity,
            "document_id": document.document_id,
            "document_number": document.number,
            "line_no": movement.line_no,
            "effective_at": document.effective_at,
            "posted_at": document.posted_at,
            "serials": movement.serials,
            "user_id": document.user_id,
            "device_id": document.device_id,
            "reverses": source.came_by,
            "source": movement.source,
            "receipt_id": asked.receipt_id,
            "receipt_number": asked.receipt_number,
            "receipt_line_no": source.line.receipt_line_no,
        }
    )


async def _not_there(
    session: AsyncSession,
    asked: SupplierReturn,
    short: Sequence[Source],
    balances: Mapping[Place, Balance],
) -> GoodsNotThere:
    said = await explain_shortage(session, {one.place for one in short}, balances)
    return GoodsNotThere(
        number=asked.document.number,
        lines_short=len(short),
        lines=[
            {
                "line_no": one.line.line_no,
                "status": one.line.status,
                "wanted": plain(one.line.quantity),
                **said[one.place],
            }
            for one in short
        ],
    )
