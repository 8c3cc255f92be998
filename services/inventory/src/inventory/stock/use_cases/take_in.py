"""Take in suppliers' goods: they are in the ledger, and available unless inspected first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import PlacedLine, StockReceived
from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from inventory.arrivals.domain import ArrivalRule
from inventory.arrivals.use_cases.place_arrivals import ArrivingLine, place_arrivals
from inventory.catalog import store as catalog
from inventory.catalog.domain import Item, Warehouse, inspection_rule
from inventory.stock import store
from inventory.stock.domain import Batch, Document, Entry, Kind, Movement, Place, Status
from inventory.stock.use_cases.name_batches import name_batches

ReceivedLine = tuple[GoodsReceiptPosted, PurchaseLine]
Placed = Mapping[UUID, tuple[PlacedLine, ...]]
Items = Mapping[str, Item]
Warehouses = Mapping[tuple[str, str], Warehouse]
PAID = "purchase"
"""What is not of this kind came free."""


async def arrivals_of(
    session: AsyncSession, receipts: Sequence[GoodsReceiptPosted]
) -> tuple[list[tuple[Movement, ReceivedLine]], Placed]:
    """Return what moves with receipts that were never booked, and where each line goes."""
    received = [(receipt, line) for receipt in receipts for line in receipt.lines]
    free = {line.item_id for _, line in received if line.kind != PAID}
    items = await catalog.take_into_use(session, {line.item_id for _, line in received}, free)
    for item_id in sorted(free):
        items[item_id].take_free_goods()
    for _, line in received:
        items[line.item_id].must_hold(line.quantity)
        items[line.item_id].must_be_named(line.batch_id, line.serials, line.quantity)
    await name_batches(session, _batches(line for _, line in received), items)
    rules = await _arrival_rules(session, received, items)
    ordered = {(receipt.site_id, receipt.warehouse_id) for receipt in receipts}
    decided = {(rule.site_id, rule.warehouse_id) for rule in rules if rule is not None}
    warehouses = await catalog.load_warehouses(session, ordered | decided)
    moves = list(_movements(zip(received, rules, strict=True), items, warehouses))
    return moves, _placed(received, rules)


def _placed(received: Sequence[ReceivedLine], rules: Sequence[ArrivalRule | None]) -> Placed:
    """Return, by receipt, the warehouse of each line and the rule that decided on it."""
    placed = defaultdict[UUID, list[PlacedLine]](list)
    for (receipt, line), rule in zip(received, rules, strict=True):
        placed[receipt.receipt_id].append(
            PlacedLine(
                line_no=line.line_no,
                warehouse_id=receipt.warehouse_id if rule is None else rule.warehouse_id,
                rule=None if rule is None else rule.name,
            )
        )
    return {receipt_id: tuple(lines) for receipt_id, lines in placed.items()}


def _batches(lines: Iterable[PurchaseLine]) -> list[Batch]:
    return [
        Batch(line.item_id, line.batch_id, line.manufactured_on, line.expires_on)
        for line in lines
        if line.batch_id
    ]


async def _arrival_rules(
    session: AsyncSession, received: Sequence[ReceivedLine], items: Items
) -> list[ArrivalRule | None]:
    """Return, line by line, the rule that decides where its goods go, if one does."""
    keys = {(line.item_id, line.batch_id) for _, line in received if line.batch_id}
    batches = await store.load_batches(session, keys)
    lines = []
    for receipt, line in received:
        batch = batches.get((line.item_id, line.batch_id))
        arriving = ArrivingLine(
            site_id=receipt.site_id,
            supplier_id=receipt.supplier_id,
            item_id=line.item_id,
            arrived_at=receipt.received_at,
            expires_on=line.expires_on if batch is None else batch.expires_on,
        )
        lines.append(arriving)
    return [verdict.rule for verdict in await place_arrivals(session, lines, items)]


def _movements(
    ruled: Iterable[tuple[ReceivedLine, ArrivalRule | None]], items: Items, warehouses: Warehouses
) -> Iterator[tuple[Movement, ReceivedLine]]:
    for (receipt, line), decided in ruled:
        document = Document(
            receipt.receipt_id,
            receipt.number,
            receipt.received_at,
            receipt.posted_at,
            receipt.posted_by,
            receipt.device_id,
        )
        warehouse_id = receipt.warehouse_id if decided is None else decided.warehouse_id
        place = Place(receipt.site_id, line.item_id, warehouse_id, line.batch_id)
        inspected = inspection_rule(items[line.item_id], warehouses[receipt.site_id, warehouse_id])
        movement = Movement(
            Kind.RECEIPT,
            place,
            line.quantity,
            document,
            line.line_no,
            source=None,
            target=Status.IN_INSPECTION if inspected else Status.AVAILABLE,
            rule="; ".join(rule for rule in (decided and decided.name, inspected) if rule) or None,
            serials=line.serials,
        )
        yield movement, (receipt, line)


def fact_of_arrival(entry: Entry, received: ReceivedLine) -> StockReceived:
    """Return what an entry of a receipt says."""
    receipt, line = received
    return StockReceived(
        site_id=receipt.site_id,
        item_id=line.item_id,
        sequence=entry.sequence,
        warehouse_id=entry.movement.place.warehouse_id,
        batch_id=line.batch_id,
        serials=line.serials,
        quantity=line.quantity,
        document_id=receipt.receipt_id,
        document_number=receipt.number,
        line_no=line.line_no,
        effective_at=receipt.received_at,
        posted_at=receipt.posted_at,
        user_id=receipt.posted_by,
        device_id=receipt.device_id,
        unit_cost=line.unit_cost,
        currency=receipt.currency,
    )
