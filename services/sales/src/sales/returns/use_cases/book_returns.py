"""Note which posted returns inventory has in its ledger."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReturnBooked
from sales.returns import store


async def book_returns(session: AsyncSession, booked: Sequence[ReturnBooked]) -> None:
    """Take returns from posting to posted."""
    moments = {one.return_id: one.booked_at for one in booked}
    for found in await store.heads_to_change(session, moments):
        found.book(moments[found.return_id])
