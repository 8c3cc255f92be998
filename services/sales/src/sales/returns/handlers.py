"""Facts of inventory about returns."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReturnBooked, ReturnReversalBooked
from sales.returns.use_cases.book_returns import book_returns
from sales.returns.use_cases.book_reversals import book_reversals
from servicekit.bus import Received


async def on_bookings(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Note what was booked; other types are passed over.

    A return is booked before anybody can reverse it, so that one batch never has both of it.
    Reversals come first: they lock orders, which are locked before returns.
    """
    facts = [one.event for one in batch]
    await book_reversals(session, [one for one in facts if isinstance(one, ReturnReversalBooked)])
    await book_returns(session, [one for one in facts if isinstance(one, ReturnBooked)])
