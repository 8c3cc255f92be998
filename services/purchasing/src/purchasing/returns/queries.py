"""Returns to suppliers as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.returns.domain import SHOWN, UnknownReturn, UnknownReversal
from purchasing.returns.tables import return_lines as lines
from purchasing.returns.tables import returns, reversals


@dataclass(frozen=True, kw_only=True)
class ReturnFilter:
    """Which returns are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    supplier_id: str | None = None
    receipt_id: UUID | None = None
    order_id: UUID | None = None
    status: str | None = None
    cause: str | None = None
    number: str | None = None
    decided: bool = False
    """Whether only those count that were posted: others are no business of the supplier's."""


ASKED = ("site_id", "supplier_id", "receipt_id", "order_id", "status", "cause", "number")


@dataclass(frozen=True, kw_only=True)
class ReversalFilter:
    """Which reversals of returns are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    return_id: UUID | None = None
    order_id: UUID | None = None
    supplier_id: str | None = None
    status: str | None = None
    number: str | None = None


REVERSALS_ASKED = ("site_id", "return_id", "order_id", "supplier_id", "status", "number")


async def purchase_return(
    session: AsyncSession, return_id: UUID, supplier_id: str | None = None
) -> RowMapping:
    """Return a return without its lines, or raise; of a supplier only its own that was posted."""
    rows = await session.execute(select(returns).where(returns.c.return_id == return_id))
    found = rows.mappings().one_or_none()
    hidden = supplier_id is not None and (
        found is None or found["supplier_id"] != supplier_id or found["status"] not in SHOWN
    )
    if found is None or hidden:
        raise UnknownReturn(return_id=return_id)
    return found


async def lines_of(session: AsyncSession, return_id: UUID) -> Sequence[RowMapping]:
    """Return the lines of a return."""
    statement = select(lines).where(lines.c.return_id == return_id).order_by(lines.c.line_no)
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
    if wanted.decided:
        statement = statement.where(returns.c.status.in_(sorted(SHOWN)))
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
