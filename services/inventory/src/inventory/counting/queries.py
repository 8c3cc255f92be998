"""Count sheets as people look for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.counting.domain.sheet import CountSheet, SheetStatus
from inventory.counting.tables import count_line, count_sheet, stock_count
from inventory.documents.tables import stock_document

Rows = Sequence[Row[Any]]


@dataclass(frozen=True, kw_only=True)
class SheetFilter:
    """Which sheets are looked for; None means any."""

    covered: Collection[str] | None
    site_id: str | None = None
    warehouse_id: str | None = None
    status: SheetStatus | None = None
    number: str | None = None


async def sheets_before(
    session: AsyncSession, wanted: SheetFilter, before: UUID | None, limit: int
) -> Rows:
    """List sheets, the newest first (ids sort by time)."""
    table = count_sheet.c
    query = select(count_sheet).order_by(table.sheet_id.desc()).limit(limit)
    if before is not None:
        query = query.where(table.sheet_id < before)
    if wanted.covered is not None:
        query = query.where(table.site_id.in_(wanted.covered))
    for name in ("site_id", "warehouse_id", "status", "number"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(table[name] == value)
    return (await session.execute(query)).all()


async def has_counted(session: AsyncSession, sheet: CountSheet, user_id: str) -> bool:
    """Tell whether somebody has counted on a sheet."""
    table = stock_count.c
    by_user = exists().where(
        table.site_id == sheet.site_id,
        table.sheet_id == sheet.sheet_id,
        table.counted_by == user_id,
    )
    return bool(await session.scalar(select(by_user)))


async def lines_counted(session: AsyncSession, sheet: CountSheet) -> int:
    """Return how many lines have a count in their present round."""
    line, count = count_line.c, stock_count.c
    counted = exists().where(
        count.site_id == line.site_id,
        count.sheet_id == line.sheet_id,
        count.line_no == line.line_no,
        count.round_no == func.cardinality(line.rounds),
    )
    query = (
        select(func.count())
        .select_from(count_line)
        .where(line.site_id == sheet.site_id, line.sheet_id == sheet.sheet_id, counted)
    )
    return int(await session.scalar(query) or 0)


async def counts_after(
    session: AsyncSession,
    sheet: CountSheet,
    after: UUID | None,
    limit: int,
    by: str | None = None,
) -> Rows:
    """List the counts of a sheet, or of one of its counters, by their ids."""
    table = stock_count.c
    query = (
        select(stock_count)
        .where(table.site_id == sheet.site_id, table.sheet_id == sheet.sheet_id)
        .order_by(table.count_id)
        .limit(limit)
    )
    if by is not None:
        query = query.where(table.counted_by == by)
    if after is not None:
        query = query.where(table.count_id > after)
    return (await session.execute(query)).all()


async def document_numbers(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the numbers of documents."""
    table = stock_document.c
    rows = await session.execute(
        select(table.document_id, table.number).where(table.document_id.in_(ids))
    )
    return {row.document_id: row.number for row in rows}
