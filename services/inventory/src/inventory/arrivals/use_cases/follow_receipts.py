"""Follow receipts that are not posted: their goods may be on the shelf, and are on no books.

Facts of one receipt come in their order. What was posted leaves the copy in the transaction that
books it: while its fact is parked, the receipt stays among the steps that are not closed.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event
from contracts.purchasing import (
    GoodsReceiptPosted,
    ReceiptAudited,
    ReceiptCancelled,
    ReceiptDrafted,
)
from inventory.arrivals import store


async def follow_receipts(session: AsyncSession, facts: Sequence[Event]) -> None:
    """Take over what purchasing says; what begins and ends in one batch is never written."""
    ended = {
        (one.site_id, one.receipt_id)
        for one in facts
        if isinstance(one, GoodsReceiptPosted | ReceiptCancelled)
    }
    audited = {(one.site_id, one.receipt_id) for one in facts if isinstance(one, ReceiptAudited)}
    begun = [
        one
        for one in facts
        if isinstance(one, ReceiptDrafted) and (one.site_id, one.receipt_id) not in ended
    ]
    rows = [
        {
            "site_id": one.site_id,
            "receipt_id": one.receipt_id,
            "line_no": line.line_no,
            "number": one.number,
            "item_id": line.item_id,
            "quantity": line.quantity,
            "drafted_at": one.at,
            "audited": False,
        }
        for one in begun
        for line in one.lines
    ]
    await store.add_unposted(session, rows)
    await store.note_audited(session, audited - ended)
    await store.drop_unposted(session, ended)
