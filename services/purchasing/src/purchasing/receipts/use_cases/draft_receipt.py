"""Draft a receipt of what a clerk counted, against a purchase order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks import store as clocks
from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.start_clock import go_on_or_start, start_clock
from purchasing.orders import store as orders
from purchasing.orders.domain import PurchaseOrder
from purchasing.receipts import store
from purchasing.receipts.domain import (
    Opening,
    OpeningUsed,
    Receipt,
    scan_of,
    sum_by_order_line,
)
from purchasing.receipts.use_cases.count_lines import (
    LineCounted,
    LineRefused,
    count_lines,
    known_of,
    turn_away,
)
from purchasing.receipts.use_cases.tell_steps import drafted
from purchasing.reference import store as reference
from purchasing.suppliers import store as suppliers
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "GR"
SHIFT = timedelta(hours=8)
"""How long ago a scan may be that is gone on with unnamed: what is older was forgotten."""


@dataclass(frozen=True, kw_only=True)
class DraftReceipt:
    """What arrived, with which paper, and who counted it."""

    order_id: UUID
    delivery_note: str | None
    lines: Sequence[LineCounted]
    caller: Caller
    opening_id: UUID | None = None
    """What was scanned; None if the order was looked up."""
    device_id: str | None = None
    refused: Sequence[LineRefused] = ()


async def draft_receipt(session: AsyncSession, counted: DraftReceipt) -> Receipt:
    """Return the draft; raise if it is more than the order and its tolerance allow."""
    order = await orders.order_to_change(session, counted.order_id)
    counted.caller.must_cover(order.site_id)
    opening = await _opening(session, counted, order)
    device_id = await _device(session, counted, order, opening)
    known = await known_of(session, order, counted.lines)
    lines = count_lines(order, counted.lines, known)
    refused = turn_away(order, counted.refused, known)
    supplier = await suppliers.supplier(session, order.supplier_id)
    site = await reference.site_of(session, order.site_id)
    order.expect(
        sum_by_order_line((line.order_line_no, line.quantity) for line in lines),
        supplier.over_receipt_percent,
    )
    at = now()
    receipt = Receipt(
        receipt_id=new_id(),
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        order_id=order.order_id,
        supplier_id=order.supplier_id,
        site_id=order.site_id,
        warehouse_id=order.warehouse_id,
        currency=order.currency,
        delivery_note=counted.delivery_note or (opening.delivery_note if opening else None),
        received_at=at,
        received_by=counted.caller.subject,
        opening_id=opening.opening_id if opening else None,
        opened_at=opening.opened_at if opening else None,
        opened_by=opening.opened_by if opening else None,
        device_id=device_id,
        session_id=opening.session_id if opening else None,
        lines=lines,
        refused=refused,
    )
    session.add(receipt)
    await _keep_time(session, receipt, at)
    await outbox.add(session, [drafted(receipt)])
    return receipt


async def _keep_time(session: AsyncSession, receipt: Receipt, at: datetime) -> None:
    """Let the clock run on that the scan has started: counting is a part of the time to keep."""
    watched, since = receipt.watched(), receipt.opened_at or at
    if receipt.opening_id is None:
        start_clock(session, ClockKind.POSTING, watched, since)
    else:
        await go_on_or_start(session, ClockKind.POSTING, receipt.opening_id, watched, since)


async def _opening(
    session: AsyncSession, counted: DraftReceipt, order: PurchaseOrder
) -> Opening | None:
    """Return the scan that is named, or else the one the clerk has made of the order just now."""
    opening_id = counted.opening_id or await clocks.scan_running(
        session, scan_of(order.order_id), order.site_id, counted.caller.subject, now() - SHIFT
    )
    if opening_id is None:
        return None
    opening = await store.opening_to_change(session, opening_id)
    if counted.opening_id is None and opening.abandoned_at is not None:
        return None
    opening.must_be_for(
        order.order_id, order.number, order.supplier_id, order.site_id, order.warehouse_id
    )
    number = await store.standing_receipt(session, opening_id, order.order_id)
    if number is not None:
        raise OpeningUsed(receipt_number=number)
    return opening


async def _device(
    session: AsyncSession, counted: DraftReceipt, order: PurchaseOrder, opening: Opening | None
) -> str | None:
    """Return the device that the goods are received with: known to the site, and trusted.

    It is the one they were scanned with only for who names the scan: nobody else says so.
    """
    scanned_with = opening.device_id if opening and counted.opening_id else None
    device_id = counted.device_id or scanned_with
    await reference.must_be_in_use(session, order.site_id, device_id)
    return device_id
