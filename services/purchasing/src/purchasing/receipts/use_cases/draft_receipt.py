"""Draft a receipt of what a clerk counted, against a purchase order."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders import store as orders
from purchasing.orders.domain import PurchaseOrder
from purchasing.receipts.domain import Receipt, ReceiptLine, sum_by_order_line
from purchasing.reference import store as reference
from purchasing.reference.domain import Naming
from purchasing.suppliers import store as suppliers
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "GR"


@dataclass(frozen=True)
class LineCounted:
    """How much of an order's line arrived."""

    order_line_no: int
    quantity: Decimal
    naming: Naming


@dataclass(frozen=True, kw_only=True)
class DraftReceipt:
    """What arrived, with which paper, and who counted it."""

    order_id: UUID
    delivery_note: str | None
    lines: Sequence[LineCounted]
    caller: Caller


async def draft_receipt(session: AsyncSession, counted: DraftReceipt) -> Receipt:
    """Return the draft; raise if it is more than the order and its tolerance allow."""
    order = await orders.order_to_change(session, counted.order_id)
    counted.caller.must_cover(order.site_id)
    lines = await _checked_lines(session, order, counted.lines)
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
        delivery_note=counted.delivery_note,
        received_at=at,
        received_by=counted.caller.subject,
        lines=lines,
    )
    session.add(receipt)
    return receipt


async def _checked_lines(
    session: AsyncSession, order: PurchaseOrder, counted: Sequence[LineCounted]
) -> list[ReceiptLine]:
    agreed = [
        order.line(line.order_line_no, line_no) for line_no, line in enumerate(counted, start=1)
    ]
    items = await reference.items_of(session, [line.item_id for line in agreed])
    lines = []
    for line_no, (line, known) in enumerate(zip(counted, agreed, strict=True), start=1):
        items[known.item_id].must_measure(line.quantity, known.unit, line_no)
        items[known.item_id].must_be_named(line.naming, line.quantity, line_no)
        lines.append(
            ReceiptLine(
                line_no=line_no,
                order_line_no=known.line_no,
                item_id=known.item_id,
                unit=known.unit,
                quantity=line.quantity,
                unit_cost=known.unit_cost,
                **asdict(line.naming),
            )
        )
    return lines
