"""Counter sales as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter.domain.refusals import UnknownSale
from sales.counter.domain.sale import SaleStatus
from sales.counter.tables import sales


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


def _those(wanted: SaleFilter) -> Select[tuple[object, ...]]:
    statement = select(sales)
    if wanted.sites is not None:
        statement = statement.where(sales.c.site_id.in_(wanted.sites))
    for name in ("site_id", "device", "status"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(sales.c[name] == value)
    return statement
