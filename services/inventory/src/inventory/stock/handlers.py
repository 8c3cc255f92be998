"""Facts of purchasing that move stock, are about to, or say what it cost."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import RECEIPT, GoodsReceiptPosted, ReceiptRepriced
from inventory.arrivals.use_cases.follow_receipts import follow_receipts
from inventory.stock.use_cases.book_receipts import book_receipts
from servicekit.bus import Received, Subscription


async def receipts_posted(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Book the receipts of a batch together, and what turned out to be their cost."""
    facts = [received.event for received in batch]
    await book_receipts(
        session,
        [one for one in facts if isinstance(one, GoodsReceiptPosted)],
        [one for one in facts if isinstance(one, ReceiptRepriced)],
    )
    await follow_receipts(session, facts)


RECEIPTS = Subscription("inventory.receipts", (RECEIPT,), receipts_posted)
