"""Decide about a correction of prices: a second person approves it, or somebody drops it.

Approved, it changes what is owed for the receipt, and the books of stock and of what was sold
follow as they do where an invoice says another price: by a dated entry, nothing is edited.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Event
from contracts.purchasing import AccrualRepriced, ReceiptRepriced, RepricedLine
from purchasing.repricing import store
from purchasing.repricing.domain import Repricing, price_at
from purchasing.repricing.use_cases.propose_repricing import owed_for
from purchasing.settlement import store as settlement
from purchasing.settlement.domain import Accrual
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id


async def approve_repricing(
    session: AsyncSession, receipt_id: UUID, repricing_id: UUID, caller: Caller
) -> Repricing:
    """Return the correction applied; refused if an invoice has come meanwhile."""
    receipt = await settlement.decided_receipt(session, receipt_id)
    caller.must_cover(receipt.site_id)
    repricing = await store.repricing_of(session, receipt_id, repricing_id)
    at = now()
    repricing.apply(caller.subject, at)
    accrual = await store.accrual_to_change(session, receipt)
    owed = owed_for(accrual, {line.line_no: line for line in repricing.lines})
    for line in repricing.lines:
        its_own = owed[line.line_no]
        line.change_by(its_own.change_to(price_at(accrual, its_own, line.unit_cost)))
    accrual.count(at)
    events: list[Event] = [_accrual_repriced(accrual, repricing)]
    if any(line.books_net_change for line in repricing.lines):
        events.append(_repriced(repricing))
    await outbox.add(session, events)
    return repricing


async def drop_repricing(
    session: AsyncSession, receipt_id: UUID, repricing_id: UUID, reason: str, caller: Caller
) -> Repricing:
    """Return the correction dropped: it has changed nothing and never will."""
    receipt = await settlement.decided_receipt(session, receipt_id)
    caller.must_cover(receipt.site_id)
    repricing = await store.repricing_of(session, receipt_id, repricing_id)
    repricing.drop(caller.subject, now(), reason)
    return repricing


def _repriced(one: Repricing) -> ReceiptRepriced:
    return ReceiptRepriced(
        repricing_id=new_id(),
        receipt_id=one.receipt_id,
        receipt_number=one.receipt_number,
        cause=one.cause.value,
        document_id=one.repricing_id,
        document_number=one.number,
        currency=one.books_currency,
        at=one.decided_at or now(),
        posted_by=one.decided_by or "",
        lines=tuple(
            RepricedLine(
                line_no=line.line_no,
                item_id=line.item_id,
                site_id=one.site_id,
                quantity=line.quantity,
                difference=line.books_net_change,
            )
            for line in one.lines
            # Of a price in millionths the line may come to the same cents.
            if line.books_net_change
        ),
    )


def _accrual_repriced(accrual: Accrual, one: Repricing) -> AccrualRepriced:
    return AccrualRepriced(
        accrual_id=accrual.accrual_id,
        number=accrual.number,
        receipt_id=accrual.receipt_id,
        receipt_number=accrual.receipt_number,
        supplier_id=accrual.supplier_id,
        site_id=accrual.site_id,
        at=one.decided_at or now(),
        repricing_id=one.repricing_id,
        repricing_number=one.number,
        cause=one.cause.value,
        currency=accrual.currency,
        net=accrual.net,
        tax=accrual.tax,
        books_currency=accrual.books_currency,
        books_net=accrual.books_net,
        books_tax=accrual.books_tax,
    )
