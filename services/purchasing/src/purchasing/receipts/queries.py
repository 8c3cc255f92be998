"""Receipts as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.receipts.domain import UnknownReceipt
from purchasing.receipts.tables import receipt_lines as lines
from purchasing.receipts.tables import receipts, refused_goods


@dataclass(frozen=True, kw_only=True)
class ReceiptFilter:
    """Which receipts are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    order_id: UUID | None = None
    status: str | None = None
    number: str | None = None


async def receipt(session: AsyncSession, receipt_id: UUID) -> RowMapping:
    """Return a receipt without its lines, or raise."""
    rows = await session.execute(select(receipts).where(receipts.c.receipt_id == receipt_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownReceipt(receipt_id=receipt_id)
    return found


async def receipt_lines(session: AsyncSession, receipt_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of a receipt."""
    statement = select(lines).where(lines.c.receipt_id == receipt_id).order_by(lines.c.line_no)
    return (await session.execute(statement)).mappings().all()


async def refused_of(session: AsyncSession, receipt_id: UUID) -> Sequence[RowMapping]:
    """Return what was turned away when a receipt was counted."""
    table = refused_goods
    statement = select(table).where(table.c.receipt_id == receipt_id).order_by(table.c.refusal_no)
    return (await session.execute(statement)).mappings().all()


async def receipts_before(
    session: AsyncSession, wanted: ReceiptFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return receipts without lines, the newest first (ids sort by time)."""
    statement = select(receipts).order_by(receipts.c.receipt_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(receipts.c.receipt_id < before)
    if wanted.sites is not None:
        statement = statement.where(receipts.c.site_id.in_(wanted.sites))
    for name in ("site_id", "order_id", "status", "number"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(receipts.c[name] == value)
    return (await session.execute(statement)).mappings().all()
