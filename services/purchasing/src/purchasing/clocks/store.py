"""Reads and writes clocks; one that may be stopped or escalated is locked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks.domain import Clock, ClockKind
from purchasing.clocks.tables import clocks


async def running(session: AsyncSession, kind: ClockKind, document_id: UUID) -> Clock | None:
    """Return a document's clock, locked, if it runs."""
    statement = (
        select(Clock)
        .where(
            clocks.c.document_id == document_id,
            clocks.c.kind == kind,
            clocks.c.stopped_at.is_(None),
        )
        .with_for_update()
    )
    return (await session.scalars(statement)).one_or_none()


async def due(session: AsyncSession, at: datetime, limit: int) -> Sequence[Clock]:
    """Return clocks that ring, locked; those that somebody stops just now are left out."""
    statement = (
        select(Clock)
        .where(clocks.c.next_at <= at)
        .order_by(clocks.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).all()
