"""Raise what is owed for a receipt: when it is settled, or at the end of a period by finance."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import AccrualRaised, ReceiptConfirmed
from purchasing.clocks.domain import ClockKind
from purchasing.clocks.use_cases.stop_clock import stop_clock
from purchasing.orders import store as orders
from purchasing.rates import store as rates
from purchasing.rates.domain import in_books, period_of
from purchasing.receipts.domain import Receipt
from purchasing.reference import store as reference
from purchasing.reference.domain import Site
from purchasing.settlement import store
from purchasing.settlement.domain import (
    Accrual,
    AccrualCause,
    AccrualLine,
    AlreadyAccrued,
    Confirmation,
    accrued_line,
)
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id

PREFIX = "AP"


async def settle(
    session: AsyncSession, receipt: Receipt, confirmation: Confirmation, books_currency: str
) -> None:
    """Say that nothing is open or disputed any more, and owe for it unless that is done."""
    at, by = confirmation.confirmed_at or now(), confirmation.confirmed_by or ""
    event = ReceiptConfirmed(
        receipt_id=receipt.receipt_id,
        number=receipt.number,
        supplier_id=receipt.supplier_id,
        site_id=receipt.site_id,
        confirmed_at=at,
        confirmed_by=by,
    )
    await outbox.add(session, [event])
    await stop_clock(session, ClockKind.CONFIRMATION, receipt.receipt_id, at)
    if await store.accrual_of(session, receipt.receipt_id) is None:
        await _raise(session, receipt, AccrualCause.CONFIRMED, by, books_currency)


async def accrue_receipt(
    session: AsyncSession, receipt_id: UUID, caller: Caller, books_currency: str
) -> Accrual:
    """Return the accrual of a receipt that nobody has confirmed yet."""
    receipt = await store.decided_receipt(session, receipt_id)
    caller.must_cover(receipt.site_id)
    (await store.confirmation_of(session, receipt)).must_not_be_disputed()
    there = await store.accrual_of(session, receipt_id)
    if there is not None:
        raise AlreadyAccrued(number=receipt.number, accrual=there.number)
    cause = AccrualCause.PERIOD_END
    return await _raise(session, receipt, cause, caller.subject, books_currency)


async def _raise(
    session: AsyncSession, receipt: Receipt, cause: AccrualCause, by: str, books_currency: str
) -> Accrual:
    site = await reference.site_of(session, receipt.site_id)
    rate = await _rate(session, receipt, site, books_currency)
    at = now()
    lines = await _lines(session, receipt, site, rate)
    accrual = Accrual(
        accrual_id=new_id(),
        number=await orders.next_number(session, PREFIX, site.site_id, site.day_of(at)),
        receipt_id=receipt.receipt_id,
        receipt_number=receipt.number,
        supplier_id=receipt.supplier_id,
        site_id=receipt.site_id,
        period=period_of(site.day_of(at)),
        cause=cause,
        raised_at=at,
        raised_by=by,
        currency=receipt.currency,
        books_currency=books_currency,
        rate=rate,
        lines=lines,
    )
    accrual.count(at)
    session.add(accrual)
    await outbox.add(session, [_raised(accrual)])
    return accrual


async def _rate(
    session: AsyncSession, receipt: Receipt, site: Site, books_currency: str
) -> Decimal | None:
    """Return the rate the receipt was valued by, which is fixed since; None in the books' own."""
    if receipt.currency == books_currency:
        return None
    period = period_of(site.day_of(receipt.posted_at or now()))
    return await rates.rate_for(session, receipt.currency, period)


async def _lines(
    session: AsyncSession, receipt: Receipt, site: Site, rate: Decimal | None
) -> list[AccrualLine]:
    day = site.day_of(receipt.posted_at or now())
    owed = [one for one in receipt.lines if one.unit_cost and one.quantity != one.returned]
    items = {line.item_id for line in owed}
    percents = await store.vat_percents(session, receipt.supplier_id, items, day)
    return [
        accrued_line(
            line.line_no,
            line.item_id,
            line.quantity - line.returned,
            line.unit_cost,
            in_books(line.unit_cost, rate),
            percents[line.item_id],
        )
        for line in owed
    ]


def _raised(accrual: Accrual) -> AccrualRaised:
    return AccrualRaised(
        accrual_id=accrual.accrual_id,
        number=accrual.number,
        receipt_id=accrual.receipt_id,
        receipt_number=accrual.receipt_number,
        supplier_id=accrual.supplier_id,
        site_id=accrual.site_id,
        at=accrual.raised_at,
        period=accrual.period,
        cause=accrual.cause.value,
        currency=accrual.currency,
        net=accrual.net,
        tax=accrual.tax,
        books_currency=accrual.books_currency,
        books_net=accrual.books_net,
        books_tax=accrual.books_tax,
    )
