"""Rebuilds, and the entries they are compared with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from costing.insight.domain import Figures, Stream
from costing.insight.tables import rebuild
from costing.valuation.tables import valuation, value_entry

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


async def take_rebuild(session: AsyncSession, at: datetime, silent_since: datetime) -> UUID | None:
    """Take the oldest rebuild that nobody runs, or whose runner has been silent for too long."""
    abandoned = and_(rebuild.c.status == "running", rebuild.c.alive_at < silent_since)
    oldest = (
        select(rebuild.c.rebuild_id)
        .where(or_(rebuild.c.status == "requested", abandoned))
        .order_by(rebuild.c.requested_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken: UUID | None = await session.scalar(
        update(rebuild)
        .where(rebuild.c.rebuild_id == oldest.scalar_subquery())
        .values(status="running", alive_at=at)
        .returning(rebuild.c.rebuild_id)
    )
    return taken


async def change_running(session: AsyncSession, rebuild_id: UUID, **values: Any) -> None:
    """Write to a rebuild while it runs; one that has ended stays as it is."""
    await session.execute(
        update(rebuild)
        .where(rebuild.c.rebuild_id == rebuild_id, rebuild.c.status == "running")
        .values(**values)
    )


async def live_sequences(session: AsyncSession) -> dict[Stream, int]:
    """Return the number of the last entry of each stream."""
    rows = await session.execute(
        select(valuation.c.site_id, valuation.c.item_id, valuation.c.sequence)
    )
    return {(row.site_id, row.item_id): row.sequence for row in rows}


async def live_entries(session: AsyncSession, keys: Sequence[EntryKey]) -> dict[EntryKey, Figures]:
    """Return the live entries of these numbers; one that is not there yet is missing."""
    place = tuple_(value_entry.c.site_id, value_entry.c.item_id, value_entry.c.sequence)
    rows = await session.execute(
        select(
            value_entry.c.site_id,
            value_entry.c.item_id,
            value_entry.c.sequence,
            value_entry.c.quantity,
            value_entry.c.value,
            value_entry.c.cost_of_sales,
        ).where(place.in_(keys))
    )
    return {
        (row.site_id, row.item_id, row.sequence): Figures(
            row.quantity, row.value, row.cost_of_sales
        )
        for row in rows
    }
