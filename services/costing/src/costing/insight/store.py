"""Rebuilds, and the entries they are compared with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from costing.insight.tables import rebuild
from costing.valuation.tables import value_entry

EntryKey = tuple[str, str, int]


async def add_rebuild(session: AsyncSession, rebuild_id: UUID, by: str, at: datetime) -> None:
    """Keep a request."""
    await session.execute(
        insert(rebuild).values(
            rebuild_id=rebuild_id,
            status="requested",
            requested_by=by,
            requested_at=at,
            streams=0,
            entries=0,
            different=0,
            differences=[],
        )
    )


async def lock_requested(session: AsyncSession) -> UUID | None:
    """Lock and return the oldest rebuild that was not run yet and that nobody runs now."""
    wanted = (
        select(rebuild.c.rebuild_id)
        .where(rebuild.c.status == "requested")
        .order_by(rebuild.c.requested_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found: UUID | None = await session.scalar(wanted)
    return found


async def end_rebuild(session: AsyncSession, rebuild_id: UUID, **found: Any) -> None:
    """Keep what a rebuild found."""
    await session.execute(
        update(rebuild).where(rebuild.c.rebuild_id == rebuild_id).values(status="done", **found)
    )


async def live_entries(session: AsyncSession, keys: Sequence[EntryKey]) -> dict[EntryKey, Any]:
    """Return the live entries of these numbers; one that is not there yet is missing."""
    place = tuple_(value_entry.c.site_id, value_entry.c.item_id, value_entry.c.sequence)
    rows = await session.execute(
        select(
            value_entry.c.site_id,
            value_entry.c.item_id,
            value_entry.c.sequence,
            value_entry.c.quantity,
            value_entry.c.value,
        ).where(place.in_(keys))
    )
    return {(row.site_id, row.item_id, row.sequence): row for row in rows}
