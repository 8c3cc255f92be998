"""Clocks as people look at them: which run over, and how well the times are kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Numeric, RowMapping, Select, case, cast, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks.domain import ClockKind
from purchasing.clocks.tables import clocks

GroupedBy = Literal["site", "clerk", "supplier"]
COLUMNS = {"site": clocks.c.site_id, "clerk": clocks.c.clerk, "supplier": clocks.c.supplier_id}


@dataclass(frozen=True, kw_only=True)
class ClockFilter:
    """Which clocks are looked at; sites None means those of all sites."""

    kind: ClockKind
    since: datetime
    until: datetime
    sites: Collection[str] | None


async def figures_after(
    session: AsyncSession,
    wanted: ClockFilter,
    by: GroupedBy,
    after: str | None,
    at: datetime,
    limit: int,
) -> Sequence[RowMapping]:
    """Return for each site, clerk or supplier how long it took (seconds), in the order of names.

    The median and the 95th percentile (interpolated, as PostgreSQL's `percentile_cont`) are of
    the clocks that stand. The share kept counts one that still runs as missed once it is late,
    and not at all before.
    """
    group = COLUMNS[by]
    took = extract("epoch", clocks.c.stopped_at - clocks.c.started_at)
    stands = clocks.c.stopped_at.is_not(None)
    late = func.coalesce(clocks.c.stopped_at, at) > clocks.c.started_at + clocks.c.target
    decided = case((stands | late, case((late, 0), else_=1)))
    statement = select(
        group.label("name"),
        func.count().filter(stands).label("stopped"),
        func.count().filter(~stands).label("running"),
        func.count().filter(late).label("late"),
        _percentile(0.5, took).label("median_seconds"),
        _percentile(0.95, took).label("p95_seconds"),
        func.round(func.avg(decided), 4).label("share_within_target"),
    )
    statement = _fitting(statement, wanted).group_by(group).order_by(group).limit(limit)
    if after is not None:
        statement = statement.where(group > after)
    rows: Sequence[RowMapping] = (await session.execute(statement)).mappings().all()
    return rows


async def running_after(
    session: AsyncSession, wanted: ClockFilter, place: tuple[datetime, UUID] | None, limit: int
) -> Sequence[RowMapping]:
    """Return clocks that run, the oldest first."""
    statement = _fitting(select(clocks), wanted).where(clocks.c.stopped_at.is_(None))
    if place is not None:
        started, document = place
        later = clocks.c.started_at > started
        same = (clocks.c.started_at == started) & (clocks.c.document_id > document)
        statement = statement.where(later | same)
    statement = statement.order_by(clocks.c.started_at, clocks.c.document_id).limit(limit)
    rows: Sequence[RowMapping] = (await session.execute(statement)).mappings().all()
    return rows


def _fitting(statement: Select[Any], wanted: ClockFilter) -> Select[Any]:
    statement = statement.where(
        clocks.c.kind == wanted.kind,
        clocks.c.started_at >= wanted.since,
        clocks.c.started_at < wanted.until,
    )
    if wanted.sites is not None:
        statement = statement.where(clocks.c.site_id.in_(wanted.sites))
    return statement


def _percentile(share: float, took: Any) -> Any:
    return func.round(cast(func.percentile_cont(share).within_group(took), Numeric), 3)
