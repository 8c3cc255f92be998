"""Book suppliers' receipts, and what they turned out to cost.

Both are on one topic, a repricing behind its receipt; a batch of them goes over the books once, so
that all rows are locked in one order.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptBooked, StockFact
from contracts.purchasing import GoodsReceiptPosted, PurchaseLine, ReceiptRepriced, RepricedLine
from inventory.stock import store
from inventory.stock.domain import Entry, Movement
from inventory.stock.use_cases.book_movements import book_movements
from inventory.stock.use_cases.revalue_receipts import (
    Repriced,
    fact_of_revaluation,
    key_of,
    revaluations_of,
)
from inventory.stock.use_cases.take_in import ReceivedLine, arrivals_of, fact_of_arrival
from servicekit import outbox
from servicekit.clock import now

Told = ReceivedLine | Repriced


async def book_receipts(
    session: AsyncSession,
    posted: Sequence[GoodsReceiptPosted],
    repriced: Sequence[ReceiptRepriced],
) -> None:
    """Book a batch of receipts and repricings; one that was booked before is passed over."""
    at = now()
    unbooked = {receipt.receipt_id: receipt for receipt in posted}
    corrections = {one.repricing_id: one for one in repriced}
    fresh = await store.admit_documents(session, {*unbooked, *corrections}, at)
    receipts = [receipt for receipt in unbooked.values() if receipt.receipt_id in fresh]
    corrected = [one for one in corrections.values() if one.repricing_id in fresh]
    arriving, placed = await arrivals_of(session, receipts)
    known = await store.received_entries(session, {one.receipt_id for one in corrected})
    places = {key: place for key, (place, _) in known.items()}
    places |= {_key_of(line): movement.place for movement, line in arriving}
    moves: list[tuple[Movement, Told]] = [*arriving, *revaluations_of(corrected, places)]
    telling = _Telling({key: number for key, (_, number) in known.items()})
    await book_movements(session, moves, telling.fact_of)
    booked = [
        ReceiptBooked(
            receipt_id=receipt.receipt_id,
            site_id=receipt.site_id,
            booked_at=at,
            lines=placed[receipt.receipt_id],
        )
        for receipt in receipts
    ]
    await outbox.add(session, booked)


class _Telling:
    """Says each entry to the world; a repricing names the entry by which its goods came."""

    def __init__(self, known: Mapping[store.DocumentLine, int]) -> None:
        self._came_by = dict(known)

    def fact_of(self, entry: Entry, line: Told) -> StockFact:
        """Return the fact; receipts of the batch come before what they turned out to cost."""
        one, about = line
        if isinstance(one, GoodsReceiptPosted) and isinstance(about, PurchaseLine):
            self._came_by[_key_of((one, about))] = entry.sequence
            return fact_of_arrival(entry, (one, about))
        if isinstance(one, ReceiptRepriced) and isinstance(about, RepricedLine):
            return fact_of_revaluation(entry, (one, about), self._came_by[key_of(one, about)])
        raise TypeError(f"{type(one).__name__} is no receipt and no repricing")


def _key_of(received: ReceivedLine) -> store.DocumentLine:
    receipt, line = received
    return receipt.receipt_id, line.item_id, line.line_no
