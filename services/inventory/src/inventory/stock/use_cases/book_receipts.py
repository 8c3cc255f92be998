"""Book suppliers' receipts: their goods are in the ledger, and can be promised from then on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReceiptBooked, StockReceived
from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from inventory.arrivals.domain import ArrivalRule
from inventory.arrivals.use_cases.place_arrivals import ArrivingLine, place_arrivals
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
    verdicts = await place_arrivals(session, [_arriving(*line) for line in lines], items)
    rules = [verdict.rule for verdict in verdicts]
    await book_movements(session, list(_movements(lines, rules)), _fact)
    booked = [
        ReceiptBooked(receipt_id=receipt.receipt_id, site_id=receipt.site_id, booked_at=at)
        for receipt in receipts
    ]
    await outbox.add(session, booked)


def _arriving(receipt: GoodsReceiptPosted, line: PurchaseLine) -> ArrivingLine:
    return ArrivingLine(
        site_id=receipt.site_id,
        supplier_id=receipt.supplier_id,
        item_id=line.item_id,
        arrived_at=receipt.received_at,
        expires_on=line.expires_on,
    )


def _movements(
    lines: Sequence[ReceivedLine], rules: Iterable[ArrivalRule | None]
) -> Iterator[tuple[Movement, ReceivedLine]]:
    for (receipt, line), rule in zip(lines, rules, strict=True):
        document = Document(
            receipt.receipt_id, receipt.number, receipt.received_at, receipt.posted_at
        )
        warehouse_id = receipt.warehouse_id if rule is None else rule.warehouse_id
        place = Place(receipt.site_id, line.item_id, warehouse_id, line.batch_id)
        movement = Movement.receipt(place, line.quantity, document, line.line_no)
        yield replace(movement, rule=rule and rule.name), (receipt, line)


def _fact(entry: Entry, received: ReceivedLine) -> StockReceived:
    receipt, line = received
    return StockReceived(
        site_id=receipt.site_id,
        item_id=line.item_id,
        sequence=entry.sequence,
        warehouse_id=entry.movement.place.warehouse_id,
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
