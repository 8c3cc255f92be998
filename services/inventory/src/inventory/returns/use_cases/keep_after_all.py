"""Take a return to a supplier back: its goods are on the shelf again, as what they had left as."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import StockSupplierReturnReversed, SupplierReturnReversalBooked
from inventory.returns.domain import ReturnReversal
from inventory.returns.use_cases.take_return_back import returned_entries
from inventory.stock import store as books
from inventory.stock.domain import Entry, Kind, Movement
from inventory.stock.use_cases.book_movements import book_movements
from servicekit import outbox
from servicekit.clock import now


async def keep_after_all(session: AsyncSession, asked: ReturnReversal) -> datetime:
    """Return when the goods came onto the books again, which they do once."""
    at, reversal_id = now(), asked.document.document_id
    if not await books.admit_documents(session, [reversal_id], at):
        return await books.booked_at(session, reversal_id)
    entries = await returned_entries(session, asked, Kind.SUPPLIER_RETURN)
    moves = [(_movement(asked, one), one) for one in entries]
    await book_movements(session, moves, lambda entry, undone: _fact(entry, undone, asked))
    booked = SupplierReturnReversalBooked(
        reversal_id=reversal_id,
        return_id=asked.return_id,
        receipt_id=asked.about,
        site_id=asked.site_id,
        booked_at=at,
    )
    await outbox.add(session, [booked])
    return at


def _movement(asked: ReturnReversal, undone: Entry) -> Movement:
    return Movement(
        Kind.REVERSAL,
        undone.movement.place,
        undone.movement.quantity,
        asked.document,
        undone.movement.line_no,
        source=None,
        target=undone.movement.source,
        rule="reversal",
        reverses=undone.sequence,
        serials=undone.movement.serials,
        undoes=Kind.SUPPLIER_RETURN,
    )


def _fact(entry: Entry, undone: Entry, asked: ReturnReversal) -> StockSupplierReturnReversed:
    movement, document = entry.movement, entry.movement.document
    return StockSupplierReturnReversed.model_validate(
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
            "reverses": undone.sequence,
            "received_by": undone.movement.reverses,
            "target": movement.target,
            "return_id": asked.return_id,
            "receipt_id": asked.about,
            "receipt_line_no": asked.lines[movement.line_no],
        }
    )
