"""Note which returns are off inventory's books, and do what follows from that in purchasing.

The receipt counts what of it went back, the order is open again where that was wanted, less is
owed, and others hear of it: all in the transaction that hears of the booking.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import SupplierReturnBooked
from contracts.purchasing import GoodsReturnPosted, ReturnedPurchaseLine
from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.stop_clock import stop_clock
from purchasing.orders import store as orders
from purchasing.orders.domain import await_again
from purchasing.receipts import store as receipts
from purchasing.receipts.domain import Receipt, sum_by_order_line
from purchasing.reference import store as reference
from purchasing.returns import store
from purchasing.returns.domain import PurchaseReturn
from purchasing.returns.use_cases.settle_orders import Moved
from purchasing.returns.use_cases.settle_owed import settle_owed
from purchasing.suppliers import store as suppliers
from servicekit import outbox


async def book_returns(
    session: AsyncSession, booked: Sequence[SupplierReturnBooked]
) -> Sequence[Moved]:
    """Take returns from posting to posted, and return the orders of which goods are due again.

    What was no return of ours is no matter of ours.
    """
    moved = list[Moved]()
    moments = {one.return_id: one.booked_at for one in booked}
    for receipt_id, return_id in await store.receipts_of(session, moments):
        receipt = await receipts.receipt_to_change(session, receipt_id)
        found = await store.return_to_change(session, return_id)
        if found.book(moments[return_id]):
            moved += await _follow(session, receipt, found)
            await session.flush()
    return moved


async def _follow(
    session: AsyncSession, receipt: Receipt, found: PurchaseReturn
) -> Sequence[Moved]:
    lines = {line.line_no: line for line in receipt.lines}
    for line in found.lines:
        line.returned_before = lines[line.receipt_line_no].returned
        lines[line.receipt_line_no].returned += line.quantity
    if found.is_reversal:
        receipt.reverse(found.return_id, found.number)
        await stop_clock(
            session,
            ClockKind.CONFIRMATION,
            receipt.receipt_id,
            found.booked_at or found.drafted_at,
            given_up=True,
        )
    await session.flush()
    moved = [await _reopen(session, receipt, found)] if found.reopens_order else []
    await outbox.add(session, [_posted(found)])
    await settle_owed(session, receipt, found)
    return moved


async def _reopen(session: AsyncSession, receipt: Receipt, found: PurchaseReturn) -> Moved:
    order_lines = {line.line_no: line.order_line_no for line in receipt.lines}
    order = await orders.order_to_change(session, receipt.order_id)
    returned = sum_by_order_line(
        (order_lines[one.receipt_line_no], one.quantity) for one in found.lines
    )
    order.take_back(returned)
    by = found.posted_by or found.drafted_by
    changes = await_again(order, returned, await _due_again(session, found))
    await orders.add_changes(session, order, changes, by, found.number)
    return Moved.of(order, by)


async def _due_again(session: AsyncSession, found: PurchaseReturn) -> date:
    """Return when goods are due again: after the supplier's usual time from the booking on.

    What was posted by mistake is due at once, and late only as any line is that was due today.
    """
    site = await reference.site_of(session, found.site_id)
    day = site.day_of(found.booked_at or found.drafted_at)
    if found.is_reversal:
        return day
    supplier = await suppliers.supplier(session, found.supplier_id)
    return day + timedelta(days=supplier.lead_days)


def _posted(found: PurchaseReturn) -> GoodsReturnPosted:
    return GoodsReturnPosted.model_validate(
        {
            **{
                name: getattr(found, name)
                for name in GoodsReturnPosted.model_fields
                if hasattr(found, name)
            },
            "cause": found.cause.value,
            "reverses_receipt": found.is_reversal,
            "replaced": found.reopens_order,
            "lines": tuple(
                ReturnedPurchaseLine.model_validate(line, from_attributes=True)
                for line in found.lines
            ),
        }
    )
