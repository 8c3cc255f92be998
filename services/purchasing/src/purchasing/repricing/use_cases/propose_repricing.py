"""Propose other prices for lines of a posted receipt; nothing changes until it is approved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders import store as orders
from purchasing.receipts.domain import Receipt
from purchasing.reference import store as reference
from purchasing.repricing import store
from purchasing.repricing.domain import (
    AnotherProposed,
    LinesFree,
    LinesInvoiced,
    PriceUnchanged,
    Repricing,
    RepricingCause,
    RepricingLine,
    price_at,
)
from purchasing.settlement import store as settlement
from purchasing.settlement.domain import (
    Accrual,
    AccrualLine,
    LinesNamedTwice,
    UnknownReceiptLines,
)
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "RP"


@dataclass(frozen=True, kw_only=True)
class ProposeRepricing:
    """Which prices, in the receipt's currency and for the item's base unit, why, and who says."""

    receipt_id: UUID
    cause: RepricingCause
    document: str
    prices: Sequence[tuple[int, Decimal]]
    caller: Caller


async def propose_repricing(session: AsyncSession, order: ProposeRepricing) -> Repricing:
    """Return the correction, which a second person decides about."""
    receipt = await settlement.decided_receipt(session, order.receipt_id)
    order.caller.must_cover(receipt.site_id)
    open_one = await store.proposed_number(session, receipt.receipt_id)
    if open_one is not None:
        raise AnotherProposed(proposed=open_one, number=receipt.number)
    accrual = await store.accrual_to_change(session, receipt)
    asked = _asked(receipt, order.prices)
    owed = owed_for(accrual, asked)
    before = await store.prices(session, receipt)
    unchanged = [one for one, cost in asked.items() if cost == before[one]]
    if unchanged:
        raise PriceUnchanged(number=receipt.number, unchanged=listed(unchanged))
    lines = [_line(accrual, owed[one], before[one], cost) for one, cost in asked.items()]
    at = now()
    site = await reference.site_of(session, receipt.site_id)
    repricing = Repricing(
        repricing_id=new_id(),
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        receipt_id=receipt.receipt_id,
        receipt_number=receipt.number,
        supplier_id=receipt.supplier_id,
        site_id=receipt.site_id,
        currency=accrual.currency,
        books_currency=accrual.books_currency,
        cause=order.cause,
        document=order.document,
        proposed_at=at,
        proposed_by=order.caller.subject,
        lines=lines,
    )
    session.add(repricing)
    return repricing


def _asked(receipt: Receipt, prices: Sequence[tuple[int, Decimal]]) -> Mapping[int, Decimal]:
    """Return the prices by line, in order; raise unless each is named once and there."""
    asked = dict(sorted(prices))
    numbers = [line_no for line_no, _ in prices]
    repeated = {one for one in numbers if numbers.count(one) > 1}
    if repeated:
        raise LinesNamedTwice(repeated=listed(repeated))
    unknown = asked.keys() - {line.line_no for line in receipt.lines}
    if unknown:
        raise UnknownReceiptLines(
            number=receipt.number, unknown=listed(unknown), lines=len(receipt.lines)
        )
    return asked


def owed_for(accrual: Accrual, wanted: Mapping[int, object]) -> Mapping[int, AccrualLine]:
    """Return what is owed for these lines; raise if they are free or an invoice speaks for them."""
    found = {line.line_no: line for line in accrual.lines if line.line_no in wanted}
    free = wanted.keys() - found.keys()
    if free:
        raise LinesFree(number=accrual.receipt_number, free=listed(free))
    invoiced = [line_no for line_no, line in found.items() if line.is_invoiced]
    if invoiced:
        raise LinesInvoiced(number=accrual.receipt_number, invoiced=listed(invoiced))
    return found


def listed(numbers: Iterable[int]) -> str:
    """Return numbers of lines as people read them."""
    return ", ".join(str(one) for one in sorted(numbers))


def _line(accrual: Accrual, owed: AccrualLine, before: Decimal, cost: Decimal) -> RepricingLine:
    change = owed.until(price_at(accrual, owed, cost))
    return RepricingLine(
        line_no=owed.line_no,
        item_id=owed.item_id,
        quantity=change.quantity,
        unit_cost_before=before,
        unit_cost=cost,
        net_change=change.net,
        tax_change=change.tax,
        books_net_change=change.books_net,
        books_tax_change=change.books_tax,
    )
