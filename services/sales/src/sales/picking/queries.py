"""Picks as people look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.picking.tables import picks


@dataclass(frozen=True, kw_only=True)
class PickFilter:
    """Which picks are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    order_id: UUID | None = None
    status: str | None = None


async def picks_before(
    session: AsyncSession, wanted: PickFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return picks without lines, the newest first (ids sort by time)."""
    statement = select(picks).order_by(picks.c.pick_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(picks.c.pick_id < before)
    if wanted.sites is not None:
        statement = statement.where(picks.c.site_id.in_(wanted.sites))
    for name in ("site_id", "order_id", "status"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(picks.c[name] == value)
    return (await session.execute(statement)).mappings().all()
