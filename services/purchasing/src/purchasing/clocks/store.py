"""Reads and writes clocks; one that may be stopped or escalated is locked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks.domain import Clock, ClockKind
from purchasing.clocks.tables import clocks


async def add_if_new(session: AsyncSession, clock: Clock) -> UUID:
    """Keep the clock of a scan, unless its clerk's scan of the same runs; return whose runs now.

    The clock is locked either way, so that nothing comes of the scan meanwhile.
    """
    values = {column.name: getattr(clock, column.name) for column in clocks.columns}
    statement = insert(clocks).values(values)
    same = statement.on_conflict_do_update(
        index_elements=["scanned", "site_id", "clerk"],
        index_where=clocks.c.scanned.is_not(None),
        set_={"scanned": statement.excluded.scanned},
    )
    kept: UUID = (await session.scalars(same.returning(clocks.c.document_id))).one()
    return kept


async def scan_running(
    session: AsyncSession, scanned: str, site_id: str, clerk: str, since: datetime
) -> UUID | None:
    """Return the scan that a clerk has made since then and nothing has come of yet."""
    statement = select(clocks.c.document_id).where(
        clocks.c.scanned == scanned,
        clocks.c.site_id == site_id,
        clocks.c.clerk == clerk,
        clocks.c.started_at >= since,
    )
    return await session.scalar(statement)


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
