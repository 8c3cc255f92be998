"""Loads confirmations, accruals and rates of VAT for those who change them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.receipts import store as receipts
from purchasing.receipts.domain import DECIDED, Receipt, UnknownReceipt
from purchasing.settlement.domain import (
    Accrual,
    AccrualStatus,
    Confirmation,
    ConfirmationLine,
    LineVerdict,
    NoGeneralVatRate,
    NothingDecided,
    UnknownVatRate,
)
from purchasing.settlement.tables import (
    accruals,
    confirmation_lines,
    supplier_item_vat_rates,
    supplier_vat_rates,
    vat_rates,
)

CANDIDATES_MAX = 500


async def decided_receipt(session: AsyncSession, receipt_id: UUID) -> Receipt:
    """Load a receipt that was posted, and lock it: its confirmation changes under its lock."""
    receipt = await receipts.receipt_to_change(session, receipt_id)
    if receipt.status not in DECIDED:
        raise NothingDecided(number=receipt.number, receipt_status=receipt.status.value)
    return receipt


async def receipt_of_supplier(session: AsyncSession, receipt_id: UUID, supplier_id: str) -> Receipt:
    """Load a posted receipt of the supplier and lock it; any other is as if it weren't there."""
    receipt = await receipts.receipt_to_change(session, receipt_id)
    if receipt.supplier_id != supplier_id or receipt.status not in DECIDED:
        raise UnknownReceipt(receipt_id=receipt_id)
    return receipt


async def confirmation_of(session: AsyncSession, receipt: Receipt) -> Confirmation:
    """Return what was said about a receipt, whose lock the caller holds."""
    found = await session.get(Confirmation, receipt.receipt_id)
    if found is not None:
        return found
    fresh = Confirmation(
        receipt_id=receipt.receipt_id,
        number=receipt.number,
        supplier_id=receipt.supplier_id,
        site_id=receipt.site_id,
        lines=[
            ConfirmationLine(line_no=one.line_no, item_id=one.item_id, recorded=one.quantity)
            for one in receipt.lines
        ],
    )
    session.add(fresh)
    return fresh


async def lines_in_dispute(
    session: AsyncSession, receipt_ids: Collection[UUID]
) -> set[tuple[UUID, int]]:
    """Return which lines of these receipts their suppliers dispute."""
    table = confirmation_lines.c
    rows = await session.execute(
        select(table.receipt_id, table.line_no).where(
            table.receipt_id == any_(literal(list(receipt_ids), ARRAY(Uuid))),
            table.verdict == LineVerdict.DISPUTED,
        )
    )
    return {(row.receipt_id, row.line_no) for row in rows}


async def accrual_of(session: AsyncSession, receipt_id: UUID) -> Accrual | None:
    """Return the accrual of a receipt, if there is one."""
    found = await session.scalars(
        select(Accrual).where(accruals.c.receipt_id == receipt_id, accruals.c.return_id.is_(None))
    )
    return found.one_or_none()


async def accruals_to_change(
    session: AsyncSession, documents: Collection[UUID], supplier_id: str
) -> Mapping[UUID, Accrual]:
    """Load what is owed for these receipts and returns and lock it, in order of the ids.

    It is the supplier's own; a receipt's claims are found by their returns alone.
    """
    named = any_(literal(list(documents), ARRAY(Uuid)))
    statement = (
        select(Accrual)
        .where(
            (accruals.c.receipt_id == named) & accruals.c.return_id.is_(None)
            | (accruals.c.return_id == named),
            accruals.c.supplier_id == supplier_id,
        )
        .order_by(accruals.c.accrual_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {one.about: one for one in (await session.scalars(statement)).all()}


async def open_accruals(
    session: AsyncSession, supplier_id: str, currency: str, *, claims: bool
) -> Sequence[Accrual]:
    """Return what the supplier is owed for, or what is claimed of it, the oldest first."""
    is_claim = accruals.c.return_id.is_not(None)
    statement = (
        select(Accrual)
        .where(
            accruals.c.supplier_id == supplier_id,
            accruals.c.currency == currency,
            accruals.c.status == AccrualStatus.OPEN,
            is_claim if claims else ~is_claim,
        )
        .order_by(accruals.c.accrual_id)
        .limit(CANDIDATES_MAX)
    )
    return (await session.scalars(statement)).all()


async def currencies_owed(session: AsyncSession, supplier_id: str) -> Sequence[str]:
    """Return the currencies of what the supplier is owed for, or what is claimed of it."""
    statement = (
        select(accruals.c.currency)
        .where(accruals.c.supplier_id == supplier_id, accruals.c.status == AccrualStatus.OPEN)
        .distinct()
        .order_by(accruals.c.currency)
    )
    return (await session.scalars(statement)).all()


async def vat_percents(
    session: AsyncSession, supplier_id: str, item_ids: Collection[str], day: date
) -> Mapping[str, Decimal]:
    """Return the rate of each item: its own of that supplier, or the supplier's, or the general."""
    table = supplier_item_vat_rates.c
    rows = await session.execute(
        select(table.item_id, table.percent).where(
            table.supplier_id == supplier_id,
            table.item_id == any_(literal(list(item_ids), ARRAY(Text))),
        )
    )
    own = {row.item_id: row.percent for row in rows}
    if own.keys() >= set(item_ids):
        return own
    usual = await _vat_percent(session, supplier_id, day)
    if usual is None:
        raise NoGeneralVatRate(supplier_id=supplier_id)
    return {item_id: own.get(item_id, usual) for item_id in item_ids}


async def _vat_percent(session: AsyncSession, supplier_id: str, day: date) -> Decimal | None:
    """Return the supplier's rate, or else the general one of the day; None if there is none."""
    table = supplier_vat_rates.c
    own: Decimal | None = await session.scalar(
        select(table.percent).where(table.supplier_id == supplier_id)
    )
    if own is not None:
        return own
    general: Decimal | None = await session.scalar(
        select(vat_rates.c.percent)
        .where(vat_rates.c.general, *_in_force(day))
        .order_by(vat_rates.c.valid_from.desc())
        .limit(1)
    )
    return general


async def must_be_in_force(session: AsyncSession, percent: Decimal, day: date) -> None:
    """Raise unless the law knows the rate on that day."""
    known = (await session.scalars(select(vat_rates.c.percent).where(*_in_force(day)))).all()
    if percent not in known:
        listed = ", ".join(format(one.normalize(), "f") for one in sorted(known))
        raise UnknownVatRate(percent=format(percent, "f"), known=listed)


async def set_supplier_rate(
    session: AsyncSession, supplier_id: str, percent: Decimal, at: datetime, by: str
) -> None:
    """Let the rate apply to what the supplier delivers from now on."""
    given = {"percent": percent, "set_at": at, "set_by": by}
    statement = insert(supplier_vat_rates).values(supplier_id=supplier_id, **given)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["supplier_id"], set_=given)
    )


async def set_item_rate(
    session: AsyncSession,
    supplier_id: str,
    item_id: str,
    percent: Decimal,
    at: datetime,
    by: str,
) -> None:
    """Let the rate apply to what the supplier delivers of the item from now on."""
    given = {"percent": percent, "set_at": at, "set_by": by}
    statement = insert(supplier_item_vat_rates).values(
        supplier_id=supplier_id, item_id=item_id, **given
    )
    await session.execute(
        statement.on_conflict_do_update(index_elements=["supplier_id", "item_id"], set_=given)
    )


def _in_force(day: date) -> tuple[ColumnElement[bool], ...]:
    table = vat_rates.c
    return (table.valid_from <= day, (table.valid_to.is_(None)) | (table.valid_to >= day))
