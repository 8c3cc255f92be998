"""Counter sales as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter.domain.refusals import UnknownSale
from sales.counter.domain.sale import SaleStatus
from sales.counter.tables import sales, take_back_lines, take_backs


@dataclass(frozen=True, kw_only=True)
class SaleFilter:
    """Which sales are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    device: str | None = None
    status: SaleStatus | None = None


async def sale(session: AsyncSession, sale_id: UUID) -> RowMapping:
    """Return a sale, or raise."""
    rows = await session.execute(select(sales).where(sales.c.sale_id == sale_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownSale(sale_id=sale_id)
    return found


async def sales_before(
    session: AsyncSession, wanted: SaleFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return sales, the newest first (ids sort by time)."""
    statement = _those(wanted).order_by(sales.c.sale_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(sales.c.sale_id < before)
    return (await session.execute(statement)).mappings().all()


async def exceptions_after(
    session: AsyncSession, wanted: SaleFilter, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[RowMapping]:
    """Return uncovered sales, the one sold longest ago first."""
    place = tuple_(sales.c.sold_at, sales.c.sale_id)
    statement = (
        _those(wanted)
        .where(sales.c.status == SaleStatus.UNCOVERED)
        .order_by(sales.c.sold_at, sales.c.sale_id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(place > tuple_(*after))
    return (await session.execute(statement)).mappings().all()


async def take_backs_before(
    session: AsyncSession, sale_id: UUID, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return what came back of a sale, the newest first (ids sort by time)."""
    place = take_backs.c.take_back_id
    statement = select(take_backs).where(take_backs.c.sale_id == sale_id)
    if before is not None:
        statement = statement.where(place < before)
    rows = await session.execute(statement.order_by(place.desc()).limit(limit))
    return rows.mappings().all()


async def lines_of(
    session: AsyncSession, sale: RowMapping, ids: Sequence[UUID]
) -> dict[UUID, list[RowMapping]]:
    """Return the lines of a sale that came back at once, each time; there is one at least."""
    line = take_back_lines.c
    rows = await session.execute(
        select(take_back_lines)
        .where(
            line.site_id == sale["site_id"],
            line.sale_id == sale["sale_id"],
            line.take_back_id.in_(ids),
        )
        .order_by(line.take_back_id, line.line_no)
    )
    found: dict[UUID, list[RowMapping]] = {}
    for row in rows.mappings():
        found.setdefault(row["take_back_id"], []).append(row)
    return found


def _those(wanted: SaleFilter) -> Select[tuple[object, ...]]:
    statement = select(sales)
    if wanted.sites is not None:
        statement = statement.where(sales.c.site_id.in_(wanted.sites))
    for name in ("site_id", "device", "status"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(sales.c[name] == value)
    return statement
