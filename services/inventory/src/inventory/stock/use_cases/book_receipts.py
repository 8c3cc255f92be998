"""Book suppliers' receipts: their goods are in the ledger, and can be promised from then on."""

from collections.abc import Iterator, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptBooked, StockReceived
from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from inventory.catalog import store as catalog
from inventory.stock import store
from inventory.stock.domain import Document, Entry, Movement, Place
from inventory.stock.use_cases.book_movements import book_movements
from servicekit import outbox
from servicekit.clock import now

ReceivedLine = tuple[GoodsReceiptPosted, PurchaseLine]


async def book_receipts(session: AsyncSession, posted: Sequence[GoodsReceiptPosted]) -> None:
    """Book a batch of posted receipts; one that was booked before is passed over."""
    at = now()
    unbooked = {receipt.receipt_id: receipt for receipt in posted}
    fresh = await store.admit_documents(session, unbooked, at)
    receipts = [receipt for receipt in unbooked.values() if receipt.receipt_id in fresh]
    await catalog.must_know_warehouses(session, {(r.site_id, r.warehouse_id) for r in receipts})
    lines = [(receipt, line) for receipt in receipts for line in receipt.lines]
    items = await catalog.take_into_use(session, {line.item_id for _, line in lines})
    for _, line in lines:
        items[line.item_id].must_hold(line.quantity)
    await book_movements(session, list(_movements(receipts)), _fact)
    booked = [
        ReceiptBooked(receipt_id=receipt.receipt_id, site_id=receipt.site_id, booked_at=at)
        for receipt in receipts
    ]
    await outbox.add(session, booked)


def _movements(receipts: Sequence[GoodsReceiptPosted]) -> Iterator[tuple[Movement, ReceivedLine]]:
    for receipt in receipts:
        document = Document(
            receipt.receipt_id, receipt.number, receipt.received_at, receipt.posted_at
        )
        for line in receipt.lines:
            place = Place(receipt.site_id, line.item_id, receipt.warehouse_id, line.batch_id)
            movement = Movement.receipt(place, line.quantity, document, line.line_no)
            yield movement, (receipt, line)


def _fact(entry: Entry, received: ReceivedLine) -> StockReceived:
    receipt, line = received
    return StockReceived(
        site_id=receipt.site_id,
        item_id=line.item_id,
        sequence=entry.sequence,
        warehouse_id=receipt.warehouse_id,
        batch_id=line.batch_id,
        quantity=line.quantity,
        document_id=receipt.receipt_id,
        document_number=receipt.number,
        line_no=line.line_no,
        effective_at=receipt.received_at,
        posted_at=receipt.posted_at,
        unit_cost=line.unit_cost,
        currency=receipt.currency,
    )
