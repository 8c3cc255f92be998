"""Facts of inventory about receipts."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptBooked
from purchasing.receipts.use_cases.book_receipts import book_receipts
from servicekit.bus import Received


async def on_bookings(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Note what was booked; other types are passed over."""
    await book_receipts(
        session, [one.event for one in batch if isinstance(one.event, ReceiptBooked)]
    )
