"""Note which posted receipts inventory has in its ledger, and in which warehouses."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptBooked
from purchasing.receipts import store
from purchasing.receipts.use_cases.hold_receipts import warning_of
from purchasing.warnings.use_cases.tell_warnings import clear_warnings


async def book_receipts(session: AsyncSession, booked: Sequence[ReceiptBooked]) -> None:
    """Take receipts from posting to posted."""
    moments = {one.receipt_id: one.booked_at for one in booked}
    cleared = []
    for receipt in await store.heads_to_change(session, moments):
        if receipt.held_since is not None:
            cleared.append(warning_of(receipt, receipt.held_since))
        receipt.book(moments[receipt.receipt_id])
    await clear_warnings(session, cleared)
    placed = [
        (one.receipt_id, line.line_no, line.warehouse_id, line.rule)
        for one in booked
        for line in one.lines
    ]
    await store.place_lines(session, placed)
