"""Owe less for what went back: reduce what is not invoiced, claim back what is.

The claim is what the invoices said of these goods, so that a red-letter invoice clears it to zero
and nothing is left in the books of stock. Where nothing is owed yet, what is owed later is for the
goods that were kept.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import AccrualRaised, AccrualReduced
from purchasing.orders import store as orders
from purchasing.rates.domain import period_of
from purchasing.receipts.domain import Receipt
from purchasing.reference import store as reference
from purchasing.returns import store
from purchasing.returns.domain import Invoiced, PurchaseReturn, claimed_line, split
from purchasing.settlement import store as settlement
from purchasing.settlement.domain import Accrual, AccrualCause, AccrualLine
from servicekit import outbox
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "AP"


async def settle_owed(session: AsyncSession, receipt: Receipt, found: PurchaseReturn) -> None:
    """Reduce the accrual of the receipt and raise a claim, as far as each is due."""
    owed = await settlement.accruals_to_change(session, [receipt.receipt_id], receipt.supplier_id)
    accrual = owed.get(receipt.receipt_id)
    if accrual is None:
        return
    at = now()
    invoiced = await store.invoiced(session, receipt.receipt_id)
    claimed: list[AccrualLine] = []
    reduced = False
    for line in found.lines:
        its_own = accrual.line(line.receipt_line_no)
        if its_own is None:
            continue
        said = invoiced.get(line.receipt_line_no, Invoiced())
        fresh, back = split(its_own, line.quantity, said)
        if fresh:
            line.note_unowed(its_own.reduce(fresh))
            reduced = True
        if back:
            claimed.append(claimed_line(its_own, said.share(back)))
    if reduced:
        accrual.count(at)
        await outbox.add(session, [_reduced(accrual, found, at)])
    if claimed:
        await _claim(session, accrual, found, claimed, at)


async def _claim(
    session: AsyncSession,
    accrual: Accrual,
    found: PurchaseReturn,
    lines: Sequence[AccrualLine],
    at: datetime,
) -> None:
    site = await reference.site_of(session, found.site_id)
    day = site.day_of(at)
    claim = Accrual(
        accrual_id=new_id(),
        number=await orders.next_number(session, PREFIX, site.site_id, day),
        receipt_id=accrual.receipt_id,
        receipt_number=accrual.receipt_number,
        supplier_id=accrual.supplier_id,
        site_id=accrual.site_id,
        period=period_of(day),
        cause=AccrualCause.RETURN,
        raised_at=at,
        raised_by=found.posted_by or found.drafted_by,
        currency=accrual.currency,
        books_currency=accrual.books_currency,
        rate=accrual.rate,
        return_id=found.return_id,
        lines=list(lines),
    )
    claim.count(at)
    session.add(claim)
    await outbox.add(session, [_raised(claim)])


def _raised(claim: Accrual) -> AccrualRaised:
    told = AccrualRaised.model_fields.keys() - {"at", "cause"}
    return AccrualRaised(
        **{name: getattr(claim, name) for name in told}, at=claim.raised_at, cause=claim.cause.value
    )


def _reduced(accrual: Accrual, found: PurchaseReturn, at: datetime) -> AccrualReduced:
    told = AccrualReduced.model_fields.keys() - {"at", "return_id", "return_number"}
    return AccrualReduced(
        **{name: getattr(accrual, name) for name in told},
        at=at,
        return_id=found.return_id,
        return_number=found.number,
    )
