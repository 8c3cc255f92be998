"""Post a document: its goods move, all of them or none."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import StockFact
from inventory.documents import store
from inventory.documents.domain import (
    Actor,
    Move,
    RecalledStaysFrozen,
    StockDocument,
    moves_of,
    sent_by,
)
from inventory.documents.use_cases.guard_breaches import must_not_be_in_breach
from inventory.documents.use_cases.tell_documents import posted
from inventory.documents.use_cases.tell_movements import fact_of
from inventory.reservations.use_cases.guard_units import must_not_be_promised
from inventory.stock import store as books
from inventory.stock.domain import (
    NO_BATCH,
    Entry,
    InTransit,
    RecalledUnitStaysFrozen,
    Status,
    must_be_free,
)
from inventory.stock.use_cases.book_movements import book_movements
from servicekit import outbox
from servicekit.clock import now


async def post_document(
    session: AsyncSession, document: StockDocument, actor: Actor, *, inspected: bool = False
) -> StockDocument:
    """Return the locked document, posted; of two who post it one is refused.

    `inspected`: whoever decided it sees to what is set free where a breach lasts.
    """
    document.post(actor, now())
    transit = dict[int, InTransit]()
    if document.dispatch_id is not None:
        transit = await books.lock_in_transit(session, document.site_id, document.dispatch_id)
    moves = moves_of(document, transit)
    if not inspected:
        await must_not_be_in_breach(session, moves)
    entries = await book_document(session, document, moves)
    await books.save_in_transit(session, transit.values())
    await books.add_in_transit(session, sent_by(document, entries))
    await outbox.add(session, [posted(document, actor)])
    return document


async def book_document(
    session: AsyncSession, document: StockDocument, moves: Sequence[Move]
) -> list[Entry]:
    """Book what a posted document moves, and keep which entries that made."""
    await _must_stay_frozen(session, moves)
    await must_not_be_promised(session, [move.movement for move in moves])
    entries: list[Entry] = []

    def told(entry: Entry, move: Move) -> StockFact:
        entries.append(entry)
        return fact_of(entry, move)

    await book_movements(session, [(move.movement, move) for move in moves], told)
    await store.keep_entries(session, document, entries)
    return entries


async def _must_stay_frozen(session: AsyncSession, moves: Sequence[Move]) -> None:
    """Raise if goods that are called back would be set free, which freezes them again at once."""
    freeing = [
        move.movement
        for move in moves
        if move.movement.source is Status.FROZEN and move.movement.target is not None
    ]
    freed = {
        (one.place.item_id, one.place.batch_id) for one in freeing if one.place.batch_id != NO_BATCH
    }
    for _, batch in sorted((await books.find_batches(session, freed)).items()):
        if batch.blocked:
            raise RecalledStaysFrozen(**batch.why_blocked)
    units = [one for one in freeing if one.serials]
    called = await books.find_called_back(session, {one.place.item_id for one in units})
    for one in units:
        must_be_free(called, one.place.item_id, one.serials, RecalledUnitStaysFrozen)
