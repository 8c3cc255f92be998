"""Undo a return in purchasing: it counts no longer, and what had followed from it is taken back.

The receipt has its goods again, the order counts them as received where others had been wanted for
them, and they are owed for: all in the transaction that hears of the booking.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import GoodsReturnReversed, ReturnedPurchaseLine
from purchasing.returns.store import Undoing
from purchasing.returns.use_cases.expect_kept import keep
from purchasing.returns.use_cases.restore_owed import restore_owed
from purchasing.returns.use_cases.settle_orders import Moved
from servicekit import outbox


async def undo_return(session: AsyncSession, undoing: Undoing, at: datetime) -> Sequence[Moved]:
    """Let a reversal, which is locked with its receipt and its return, do what it says, once.

    Return the order that has the goods after all, if others had been wanted for them.
    """
    undone, found = undoing.undone, undoing.reversal
    if not found.book(at):
        return []
    undone.be_reversed(found.reversal_id, found.number, at)
    lines = {line.line_no: line for line in undoing.receipt.lines}
    for line in undone.lines:
        lines[line.receipt_line_no].returned -= line.quantity
    await session.flush()
    moved = await keep(session, undoing)
    await outbox.add(session, [_reversed(undoing)])
    await restore_owed(session, undoing, at)
    return moved


def _reversed(undoing: Undoing) -> GoodsReturnReversed:
    undone, found = undoing.undone, undoing.reversal
    return GoodsReturnReversed.model_validate(
        {
            **{
                name: getattr(found, name)
                for name in GoodsReturnReversed.model_fields
                if hasattr(found, name)
            },
            "receipt_number": undone.receipt_number,
            "replaced": undone.replace,
            "lines": tuple(
                ReturnedPurchaseLine.model_validate(line, from_attributes=True)
                for line in undone.lines
            ),
        }
    )
