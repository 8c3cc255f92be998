"""Note which posted receipts inventory has in its ledger."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptBooked
from purchasing.receipts import store


async def book_receipts(session: AsyncSession, booked: Sequence[ReceiptBooked]) -> None:
    """Take receipts from posting to posted."""
    moments = {one.receipt_id: one.booked_at for one in booked}
    for receipt in await store.heads_to_change(session, moments):
        receipt.book(moments[receipt.receipt_id])
