"""What suppliers may see of their own, and accruals as finance looks at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders import queries as orders
from purchasing.orders.domain import OrderStatus, UnknownOrder
from purchasing.orders.tables import purchase_orders
from purchasing.receipts.domain import DECIDED, UnknownReceipt
from purchasing.receipts.tables import receipts
from purchasing.settlement.domain import UnknownAccrual
from purchasing.settlement.tables import (
    accrual_lines,
    accruals,
    confirmation_lines,
    confirmation_steps,
    confirmations,
    vat_rates,
)

EXPORTED_MAX = 100_000
SHOWN_ORDERS = frozenset({OrderStatus.PLACED, OrderStatus.RECEIVED, OrderStatus.CLOSED})


@dataclass(frozen=True, kw_only=True)
class Own:
    """Whose documents are looked for, and which of them; None means any."""

    supplier_id: str | None = None
    sites: Collection[str] | None = None
    site_id: str | None = None
    status: str | None = None
    number: str | None = None
    period: str | None = None
    receipt_id: UUID | None = None
    order_id: UUID | None = None


async def own_order(session: AsyncSession, order_id: UUID, supplier_id: str) -> RowMapping:
    """Return an order of the supplier; any other is as if it weren't there."""
    found = await orders.order(session, order_id)
    if found["supplier_id"] != supplier_id or found["status"] not in SHOWN_ORDERS:
        raise UnknownOrder(order_id=order_id)
    return found


async def own_orders_before(
    session: AsyncSession, wanted: Own, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return orders that the supplier was given, the newest first; drafts are nobody's yet."""
    table = purchase_orders.c
    statement = select(purchase_orders).where(table.status.in_(sorted(SHOWN_ORDERS)))
    if before is not None:
        statement = statement.where(table.order_id < before)
    names = ("supplier_id", "status", "number")
    statement = statement.where(*_that_fit(wanted, table, names))
    return await _rows(session, statement.order_by(table.order_id.desc()).limit(limit))


async def own_receipt(session: AsyncSession, receipt_id: UUID, supplier_id: str) -> RowMapping:
    """Return a posted receipt of the supplier with what was said of it."""
    statement = _receipts().where(
        receipts.c.receipt_id == receipt_id, receipts.c.supplier_id == supplier_id
    )
    rows = await session.execute(statement)
    found: RowMapping | None = rows.mappings().one_or_none()
    if found is None:
        raise UnknownReceipt(receipt_id=receipt_id)
    return found


async def receipts_before(
    session: AsyncSession, wanted: Own, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return posted receipts, the newest first."""
    statement = _receipts().order_by(receipts.c.receipt_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(receipts.c.receipt_id < before)
    names = ("supplier_id", "order_id", "number")
    return await _rows(session, statement.where(*_that_fit(wanted, receipts.c, names)))


async def receipts_to_accrue(
    session: AsyncSession, wanted: Own, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return posted receipts that nothing is owed for yet, the newest first."""
    accrued = select(accruals.c.receipt_id).where(accruals.c.receipt_id == receipts.c.receipt_id)
    statement = _receipts().where(~accrued.exists()).order_by(receipts.c.receipt_id.desc())
    if before is not None:
        statement = statement.where(receipts.c.receipt_id < before)
    statement = statement.where(*_that_fit(wanted, receipts.c, ("supplier_id", "site_id")))
    return await _rows(session, statement.limit(limit))


async def _rows(session: AsyncSession, statement: Select[Any]) -> Sequence[RowMapping]:
    found: Sequence[RowMapping] = (await session.execute(statement)).mappings().all()
    return found


def _receipts() -> Select[Any]:
    said = confirmations.c
    return (
        select(
            receipts,
            said.status.label("confirmation"),
            said.confirmed_at,
            said.confirmed_by,
        )
        .outerjoin(confirmations, said.receipt_id == receipts.c.receipt_id)
        .where(receipts.c.status.in_(sorted(DECIDED)))
    )


async def answers(session: AsyncSession, receipt_id: UUID) -> Sequence[RowMapping]:
    """Return what was said last about each line; none if nobody has said anything."""
    table = confirmation_lines
    statement = select(table).where(table.c.receipt_id == receipt_id).order_by(table.c.line_no)
    return (await session.execute(statement)).mappings().all()


async def history(session: AsyncSession, receipt_id: UUID) -> Sequence[RowMapping]:
    """Return all that was said about a receipt, in order."""
    table = confirmation_steps
    statement = select(table).where(table.c.receipt_id == receipt_id).order_by(table.c.step_no)
    return (await session.execute(statement)).mappings().all()


async def accrual(
    session: AsyncSession, accrual_id: UUID, supplier_id: str | None = None
) -> RowMapping:
    """Return an accrual; that of another supplier is as if it weren't there."""
    found = (
        (await session.execute(select(accruals).where(accruals.c.accrual_id == accrual_id)))
        .mappings()
        .one_or_none()
    )
    if found is None or supplier_id not in (None, found["supplier_id"]):
        raise UnknownAccrual(accrual_id=accrual_id)
    return found


async def lines_of_accrual(session: AsyncSession, accrual_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of an accrual."""
    table = accrual_lines
    statement = select(table).where(table.c.accrual_id == accrual_id).order_by(table.c.line_no)
    return (await session.execute(statement)).mappings().all()


async def accruals_before(
    session: AsyncSession, wanted: Own, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return accruals without lines, the newest first."""
    statement = select(accruals).order_by(accruals.c.accrual_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(accruals.c.accrual_id < before)
    names = ("supplier_id", "site_id", "status", "number", "period", "receipt_id")
    statement = statement.where(*_that_fit(wanted, accruals.c, names))
    return (await session.execute(statement)).mappings().all()


def _that_fit(wanted: Own, columns: Any, names: Sequence[str]) -> Sequence[ColumnElement[bool]]:
    given = [(name, getattr(wanted, name)) for name in names]
    conditions = [columns[name] == value for name, value in given if value is not None]
    if wanted.sites is not None:
        conditions.append(columns.site_id.in_(wanted.sites))
    return conditions


async def rates(session: AsyncSession) -> Sequence[RowMapping]:
    """Return the rates of VAT."""
    order = (vat_rates.c.percent.desc(), vat_rates.c.valid_from.desc())
    return (await session.execute(select(vat_rates).order_by(*order))).mappings().all()
