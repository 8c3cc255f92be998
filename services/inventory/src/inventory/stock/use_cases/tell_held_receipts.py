"""Tell which receipts can't be booked as they are, so that whoever posted them sees it and why.

Where booking it failed, nothing can be told: that transaction is undone. So parked receipts are
looked for afterwards; each is told once, and once more when mending it failed for another cause.
"""

import re
from uuid import UUID

from contracts.inventory import ReceiptHeld
from contracts.purchasing import GoodsReceiptPosted
from inventory.stock.store import held
from servicekit import outbox
from servicekit.database import Database

AT_ONCE = 100
CAUSE_MAX = 1000
SAID = re.compile(r"\w+\((['\"])(?P<text>.*)\1\)", re.DOTALL)


async def tell_held_receipts(database: Database, consumer: str) -> None:
    """Tell of parked receipts that nobody was told of yet."""
    async with database.transaction() as session:
        rows = await held.untold(session, consumer, GoodsReceiptPosted.TYPE, AT_ONCE)
        told = []
        for number, key, error, parked_at in rows:
            fresh = await held.keep_told(session, number, error)
            receipt_id = _id_of(key)
            if fresh and receipt_id is not None:
                told.append(
                    ReceiptHeld(receipt_id=receipt_id, cause=said(error), held_at=parked_at)
                )
        await outbox.add(session, told)


def said(error: str) -> str:
    """Return what an error says, without the name of its class."""
    found = SAID.fullmatch(error)
    return (error if found is None else found["text"])[:CAUSE_MAX]


def _id_of(key: str) -> UUID | None:
    """Return the receipt's id; what has none was posted by nobody who could be told."""
    try:
        return UUID(key)
    except ValueError:
        return None
