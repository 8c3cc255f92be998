"""Returns as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.returns.domain.refusals import UnknownReturn
from sales.returns.domain.reversal_refusals import UnknownReversal
from sales.returns.tables import return_lines as lines
from sales.returns.tables import returns, reversals


@dataclass(frozen=True, kw_only=True)
class ReturnFilter:
    """Which returns are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    customer_id: str | None = None
    order_id: UUID | None = None
    shipment_id: UUID | None = None
    exchange_order_id: UUID | None = None
    status: str | None = None
    cause: str | None = None
    number: str | None = None


ASKED = (
    "site_id",
    "customer_id",
    "order_id",
    "shipment_id",
    "exchange_order_id",
    "status",
    "cause",
    "number",
)


@dataclass(frozen=True, kw_only=True)
class ReversalFilter:
    """Which reversals of returns are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    return_id: UUID | None = None
    order_id: UUID | None = None
    customer_id: str | None = None
    status: str | None = None
    number: str | None = None


REVERSALS_ASKED = ("site_id", "return_id", "order_id", "customer_id", "status", "number")


async def customer_return(session: AsyncSession, return_id: UUID) -> RowMapping:
    """Return a return without its lines, or raise."""
    rows = await session.execute(select(returns).where(returns.c.return_id == return_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownReturn(return_id=return_id)
    return found


async def lines_of(session: AsyncSession, site_id: str, return_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of a return."""
    statement = (
        select(lines)
        .where(lines.c.site_id == site_id, lines.c.return_id == return_id)
        .order_by(lines.c.line_no)
    )
    return (await session.execute(statement)).mappings().all()


async def returns_before(
    session: AsyncSession, wanted: ReturnFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return returns without lines, the newest first (ids sort by time)."""
    statement = select(returns).order_by(returns.c.return_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(returns.c.return_id < before)
    if wanted.sites is not None:
        statement = statement.where(returns.c.site_id.in_(wanted.sites))
    for name in ASKED:
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(returns.c[name] == value)
    return (await session.execute(statement)).mappings().all()


async def return_reversal(session: AsyncSession, reversal_id: UUID) -> RowMapping:
    """Return the reversal of a return, or raise."""
    rows = await session.execute(select(reversals).where(reversals.c.reversal_id == reversal_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownReversal(reversal_id=reversal_id)
    return found


async def reversals_before(
    session: AsyncSession, wanted: ReversalFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return reversals of returns, the newest first (ids sort by time)."""
    statement = select(reversals).order_by(reversals.c.reversal_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(reversals.c.reversal_id < before)
    if wanted.sites is not None:
        statement = statement.where(reversals.c.site_id.in_(wanted.sites))
    for name in REVERSALS_ASKED:
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(reversals.c[name] == value)
    return (await session.execute(statement)).mappings().all()
