"""Facts of inventory about returns to suppliers."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import SupplierReturnBooked, SupplierReturnReversalBooked
from purchasing.returns.use_cases.book_returns import book_returns
from purchasing.returns.use_cases.book_reversals import book_reversals
from purchasing.returns.use_cases.settle_orders import settle_orders
from servicekit.bus import Received


async def on_bookings(session: AsyncSession, batch: Sequence[Received]) -> None:
    """Note what is off the books; other types are passed over."""
    facts = [one.event for one in batch]
    gone = await book_returns(
        session, [one for one in facts if isinstance(one, SupplierReturnBooked)]
    )
    kept = await book_reversals(
        session, [one for one in facts if isinstance(one, SupplierReturnReversalBooked)]
    )
    await settle_orders(session, [*gone, *kept])
