"""Post a receipt: its goods are in the warehouse, and inventory will book them.

Nobody waits for inventory here. The fact leaves with this transaction, and the receipt stays
`posting` until inventory says that it stands in the ledger.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from purchasing.orders import store as orders
from purchasing.receipts import store
from purchasing.receipts.domain import Receipt
from purchasing.receipts.use_cases.check_naming import check_naming
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now


async def post_receipt(
    session: AsyncSession, receipt_id: UUID, caller: Caller, versions: Collection[int] | None
) -> Receipt:
    """Return the receipt on its way into the books; of two who post it one is refused."""
    receipt = await store.receipt_to_change(session, receipt_id)
    caller.must_cover(receipt.site_id)
    receipt.must_be_at(versions)
    await check_naming(session, receipt)
    at = now()
    receipt.post(caller.subject, at)
    order = await orders.order_to_change(session, receipt.order_id)
    order.receive(receipt.arrivals())
    await outbox.add(session, [_posted(receipt, at)])
    return receipt


def _posted(receipt: Receipt, at: datetime) -> GoodsReceiptPosted:
    return GoodsReceiptPosted(
        receipt_id=receipt.receipt_id,
        number=receipt.number,
        order_id=receipt.order_id,
        supplier_id=receipt.supplier_id,
        site_id=receipt.site_id,
        warehouse_id=receipt.warehouse_id,
        currency=receipt.currency,
        received_at=receipt.received_at,
        posted_at=at,
        posted_by=receipt.posted_by or "",
        lines=tuple(
            PurchaseLine(
                line_no=line.line_no,
                item_id=line.item_id,
                quantity=line.quantity,
                unit_cost=line.unit_cost,
                batch_id=line.batch_id,
                manufactured_on=line.manufactured_on,
                expires_on=line.expires_on,
                serials=line.serials,
            )
            for line in receipt.lines
        ),
    )
