"""Post a receipt: its goods are in the warehouse, and inventory will book them.

Nobody waits for inventory here. The fact leaves with this transaction, and the receipt stays
`posting` until inventory says that it stands in the ledger.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.start_clock import start_clock
from purchasing.clocks.use_cases.stop_clock import stop_clock
from purchasing.orders import store as orders
from purchasing.orders.domain import PurchaseOrder
from purchasing.orders.use_cases.settle_overdue import settle_overdue
from purchasing.rates import store as rates
from purchasing.rates.domain import in_books, period_of
from purchasing.receipts import store
from purchasing.receipts.domain import Receipt, ReceiptLine
from purchasing.receipts.use_cases.check_free_goods import check_free_goods
from purchasing.receipts.use_cases.check_naming import check_naming
from purchasing.reference import store as reference
from purchasing.suppliers import store as suppliers
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now


async def post_receipt(
    session: AsyncSession,
    receipt_id: UUID,
    caller: Caller,
    versions: Collection[int] | None,
    books_currency: str,
) -> Receipt:
    """Return the receipt on its way into the books; of two who post it one is refused."""
    receipt = await take_in_hand(session, receipt_id, caller, versions)
    return await post_audited(session, receipt, caller, books_currency)


async def take_in_hand(
    session: AsyncSession, receipt_id: UUID, caller: Caller, versions: Collection[int] | None
) -> Receipt:
    """Return the receipt, locked, as the caller saw it and with its goods named as they must be."""
    receipt = await store.receipt_to_step(session, receipt_id)
    caller.must_cover(receipt.site_id)
    receipt.must_be_at(versions)
    await check_naming(session, receipt)
    return receipt


async def post_audited(
    session: AsyncSession, receipt: Receipt, caller: Caller, books_currency: str
) -> Receipt:
    """Post a receipt that the caller holds."""
    at = now()
    receipt.post(caller.subject, at)
    # What is loaded for a change is read anew: nothing that was said of the order may be lost.
    await session.flush()
    order = await orders.order_to_change(session, receipt.order_id)
    await check_free_goods(session, receipt, order)
    order.receive(receipt.arrivals())
    await settle_overdue(session, order)
    await stop_clock(session, ClockKind.POSTING, receipt.receipt_id, at)
    # Without a user of the portal there is nobody whose word could be waited for.
    if await suppliers.has_users(session, receipt.supplier_id):
        start_clock(session, ClockKind.CONFIRMATION, receipt.watched(), at)
    rate = await _rate(session, receipt, at, books_currency)
    await outbox.add(session, [_posted(receipt, order, books_currency, rate)])
    return receipt


async def _rate(
    session: AsyncSession, receipt: Receipt, at: datetime, books_currency: str
) -> Decimal | None:
    """Return what the order's currency is worth at the site's day; None if it is the books'."""
    if receipt.currency == books_currency:
        return None
    site = await reference.site_of(session, receipt.site_id)
    return await rates.rate_for(session, receipt.currency, period_of(site.day_of(at)))


def _posted(
    receipt: Receipt, order: PurchaseOrder, books_currency: str, rate: Decimal | None
) -> GoodsReceiptPosted:
    return GoodsReceiptPosted(
        receipt_id=receipt.receipt_id,
        number=receipt.number,
        order_id=receipt.order_id,
        supplier_id=receipt.supplier_id,
        site_id=receipt.site_id,
        warehouse_id=receipt.warehouse_id,
        currency=books_currency,
        agreed_currency=None if rate is None else receipt.currency,
        rate=rate,
        received_at=receipt.received_at,
        posted_at=receipt.posted_at or receipt.received_at,
        posted_by=receipt.posted_by or "",
        device_id=receipt.device_id,
        lines=tuple(_line(line, order, rate) for line in receipt.lines),
    )


def _line(line: ReceiptLine, order: PurchaseOrder, rate: Decimal | None) -> PurchaseLine:
    converted = line.counted_unit != line.unit
    return PurchaseLine(
        line_no=line.line_no,
        item_id=line.item_id,
        quantity=line.quantity,
        unit_cost=in_books(line.unit_cost, rate),
        batch_id=line.batch_id,
        manufactured_on=line.manufactured_on,
        expires_on=line.expires_on,
        serials=line.serials,
        kind=order.line(line.order_line_no, line.line_no).kind.value,
        counted_unit=line.counted_unit if converted else None,
        counted_quantity=line.counted_quantity if converted else None,
        unit_version=line.unit_version,
    )
