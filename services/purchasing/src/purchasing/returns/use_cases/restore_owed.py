"""Owe again for goods that did not go back after all: what was taken off, and what was claimed.

Each is put back by just what the return had taken of it. Where something is owed only since, for
what was kept, it is extended at the price of the receipt.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import AccrualRestored
from purchasing.rates.domain import in_books
from purchasing.receipts.domain import ReceiptLine
from purchasing.reference import store as reference
from purchasing.returns.domain import ClaimCleared, PurchaseReturn, ReturnLine, owed_again
from purchasing.returns.store import Undoing
from purchasing.settlement import store as settlement
from purchasing.settlement.domain import (
    Accrual,
    AccrualLine,
    Share,
    accrued_line,
)
from servicekit import outbox


async def must_be_unclaimed(session: AsyncSession, undone: PurchaseReturn) -> None:
    """Raise if a red-letter invoice has cleared some of the claim for a return."""
    owed = await settlement.accruals_to_change(session, [undone.return_id], undone.supplier_id)
    claim = owed.get(undone.return_id)
    if claim is not None and any(line.cleared_quantity for line in claim.lines):
        raise ClaimCleared(
            claim=claim.number,
            return_number=undone.number,
            cleared=f"{claim.open_net - claim.net:f}",
            net=f"{-claim.net:f}",
            currency=claim.currency,
        )


async def restore_owed(session: AsyncSession, undoing: Undoing, at: datetime) -> None:
    """Extend the accrual of the receipt and withdraw the claim, as far as there are any."""
    undone = undoing.undone
    documents = [undone.receipt_id, undone.return_id]
    owed = await settlement.accruals_to_change(session, documents, undone.supplier_id)
    accrual, claim = owed.get(undone.receipt_id), owed.get(undone.return_id)
    if accrual is None:
        return
    receipt_lines = {line.line_no: line for line in undoing.receipt.lines}
    for line in undone.lines:
        claimed = None if claim is None else claim.line(line.receipt_line_no)
        came = receipt_lines[line.receipt_line_no]
        if not came.unit_cost:
            continue
        its_own = accrual.line(came.line_no) or await _line(session, undoing, accrual, came)
        for share in _shares(line, claimed, _priced(came, accrual, its_own.tax_percent)):
            its_own.extend(share)
        if claimed is not None:
            claimed.reduce(claimed.open_quantity)
    changed = [one for one in (accrual, claim) if one is not None]
    for one in changed:
        one.count(at)
    await outbox.add(session, [_restored(one, undoing, at) for one in changed])


def _shares(
    line: ReturnLine, claimed: AccrualLine | None, price: Callable[[Decimal], AccrualLine]
) -> Iterator[Share]:
    """Return what is owed again; a claim that was cleared since the reversal was posted is too."""
    rest = line.quantity - (claimed.quantity if claimed else 0)
    if line.unowed is not None:
        yield line.unowed
    elif rest:
        yield price(rest).share(rest)
    if claimed is not None and claimed.cleared_quantity:
        yield owed_again(claimed)


def _priced(
    came: ReceiptLine, accrual: Accrual, tax_percent: Decimal
) -> Callable[[Decimal], AccrualLine]:
    """Return what says what is owed for a quantity, at the price it was received for."""

    def priced(quantity: Decimal) -> AccrualLine:
        cost, books_cost = came.unit_cost, in_books(came.unit_cost, accrual.rate)
        return accrued_line(came.line_no, came.item_id, quantity, cost, books_cost, tax_percent)

    return priced


async def _line(
    session: AsyncSession, undoing: Undoing, accrual: Accrual, came: ReceiptLine
) -> AccrualLine:
    """Return a line that owes nothing yet: all of it had gone back before anything was owed."""
    receipt = undoing.receipt
    site = await reference.site_of(session, receipt.site_id)
    day = site.day_of(receipt.posted_at or receipt.received_at)
    percents = await settlement.vat_percents(session, receipt.supplier_id, {came.item_id}, day)
    line = _priced(came, accrual, percents[came.item_id])(Decimal(0))
    accrual.lines.append(line)
    return line


def _restored(accrual: Accrual, undoing: Undoing, at: datetime) -> AccrualRestored:
    told = {name for name in AccrualRestored.model_fields if hasattr(accrual, name)}
    return AccrualRestored.model_validate(
        {
            **{name: getattr(accrual, name) for name in told},
            "at": at,
            "return_id": undoing.undone.return_id,
            "return_number": undoing.undone.number,
            "reversal_id": undoing.reversal.reversal_id,
            "reversal_number": undoing.reversal.number,
        }
    )
