"""Facts of inventory about receipts."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptBooked, ReceiptHeld
from purchasing.receipts.use_cases.book_receipts import book_receipts
from purchasing.receipts.use_cases.hold_receipts import hold_receipts
from servicekit.bus import Received


async def on_bookings(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Note what can't be booked and what was; other types are passed over.

    What is booked is held no more, so that of one receipt this is the order.
    """
    facts = [one.event for one in batch]
    await hold_receipts(session, [one for one in facts if isinstance(one, ReceiptHeld)])
    await book_receipts(session, [one for one in facts if isinstance(one, ReceiptBooked)])
