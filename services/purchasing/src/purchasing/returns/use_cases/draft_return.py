"""Draft a return of goods of a receipt; from now on nobody else can return them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders import store as orders
from purchasing.receipts import store as receipts
from purchasing.receipts.domain import Receipt, ReceiptStatus
from purchasing.reference import store as reference
from purchasing.returns import store
from purchasing.returns.domain import (
    LineWanted,
    NoteMissing,
    NothingToReturn,
    PurchaseReturn,
    ReceiptNotBooked,
    ReceiptReturnedInPart,
    ReceivedLine,
    ReturnCause,
    ReturnLine,
    ReturnLinesMissing,
    ReversalIsWhole,
    must_be_returnable,
)
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "PR"


@dataclass(frozen=True, kw_only=True)
class DraftReturn:
    """What goes back, why, and whether the supplier is to deliver other goods for it."""

    receipt_id: UUID
    cause: ReturnCause
    note: str | None
    replace: bool
    lines: Sequence[LineWanted]
    caller: Caller


async def draft_return(session: AsyncSession, wanted: DraftReturn) -> PurchaseReturn:
    """Return the draft; raise if it is more than what came and has not gone back."""
    receipt = await receipts.receipt_to_change(session, wanted.receipt_id)
    wanted.caller.must_cover(receipt.site_id)
    if receipt.status is not ReceiptStatus.POSTED:
        raise ReceiptNotBooked(number=receipt.number, receipt_status=receipt.status.value)
    if wanted.cause.needs_note and not wanted.note:
        raise NoteMissing(return_cause=wanted.cause.value)
    received = await store.received_lines(session, receipt)
    leaving = await _measured(session, _leaving(wanted, receipt, received), received)
    must_be_returnable(receipt.number, leaving, received)
    for warehouse_id in {line.warehouse_id for line in leaving if line.warehouse_id is not None}:
        await reference.site_with_warehouse(session, receipt.site_id, warehouse_id)
    if wanted.replace:
        (await orders.order(session, receipt.order_id)).must_be_with_supplier()
    site = await reference.site_of(session, receipt.site_id)
    at = now()
    drafted = PurchaseReturn(
        return_id=new_id(),
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        cause=wanted.cause,
        note=wanted.note,
        replace=wanted.replace,
        receipt_id=receipt.receipt_id,
        receipt_number=receipt.number,
        order_id=receipt.order_id,
        supplier_id=receipt.supplier_id,
        site_id=receipt.site_id,
        warehouse_id=receipt.warehouse_id,
        drafted_at=at,
        drafted_by=wanted.caller.subject,
        lines=[
            _line(line_no, line, received[line.receipt_line_no])
            for line_no, line in enumerate(leaving, start=1)
        ],
    )
    session.add(drafted)
    return drafted


def _leaving(
    wanted: DraftReturn, receipt: Receipt, received: Mapping[int, ReceivedLine]
) -> Sequence[LineWanted]:
    if not any(line.returnable for line in received.values()):
        raise NothingToReturn(number=receipt.number)
    if wanted.cause is not ReturnCause.REVERSAL:
        if not wanted.lines:
            raise ReturnLinesMissing(number=receipt.number)
        return wanted.lines
    if wanted.lines:
        raise ReversalIsWhole(number=receipt.number)
    if any(line.claimed for line in received.values()):
        raise ReceiptReturnedInPart(number=receipt.number)
    return [line.whole for line in received.values()]


async def _measured(
    session: AsyncSession, leaving: Sequence[LineWanted], received: Mapping[int, ReceivedLine]
) -> Sequence[LineWanted]:
    """Return the lines in base units; one that names no line of the receipt stays as it is."""
    items = await reference.items_of(session, [one.item_id for one in received.values()])
    units = await reference.units_of(session, items)
    measured = []
    for line_no, line in enumerate(leaving, start=1):
        came = received.get(line.receipt_line_no)
        if came is not None:
            known = units[came.item_id]
            unit = line.unit or known.base_unit
            line = replace(line, quantity=known.measure(line.quantity, unit, line_no).quantity)
        measured.append(line)
    return measured


def _line(line_no: int, wanted: LineWanted, received: ReceivedLine) -> ReturnLine:
    return ReturnLine(
        line_no=line_no,
        receipt_line_no=received.line_no,
        item_id=received.item_id,
        unit=received.unit,
        quantity=wanted.quantity,
        batch_id=wanted.batch_id,
        serials=wanted.serials,
        warehouse_id=wanted.warehouse_id or received.warehouse_id,
        goods_status=wanted.goods_status,
    )
