"""Facts of inventory about returns."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReturnBooked
from sales.returns.use_cases.book_returns import book_returns
from servicekit.bus import Received


async def on_bookings(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Note what was booked; other types are passed over."""
    await book_returns(session, [one.event for one in batch if isinstance(one.event, ReturnBooked)])
