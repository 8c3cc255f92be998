"""Note which returns are taken back in inventory's books, and do what follows from that."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import SupplierReturnReversalBooked
from purchasing.returns import store
from purchasing.returns.use_cases.settle_orders import Moved
from purchasing.returns.use_cases.undo_return import undo_return


async def book_reversals(
    session: AsyncSession, booked: Sequence[SupplierReturnReversalBooked]
) -> Sequence[Moved]:
    """Take reversals from posting to posted, and return the orders that have goods after all."""
    moved = list[Moved]()
    moments = {one.reversal_id: one.booked_at for one in booked}
    for reversal_id in await store.reversals_in_order(session, moments):
        undoing = await store.reversal_to_change(session, reversal_id)
        moved += await undo_return(session, undoing, moments[reversal_id])
        await session.flush()
    return moved
