"""Start a clock beside a document, or let one run on beside what has come of its document."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks import store
from purchasing.clocks.domain import TARGETS, Clock, ClockKind, Watched


def start_clock(session: AsyncSession, kind: ClockKind, document: Watched, at: datetime) -> None:
    """Let the clock of a document run from now on."""
    session.add(_clock(kind, document, at))


async def start_once(session: AsyncSession, kind: ClockKind, scan: Watched, at: datetime) -> UUID:
    """Let the clock of a scan run, unless one does for what was scanned; return whose runs."""
    return await store.add_if_new(session, _clock(kind, scan, at))


async def go_on_or_start(
    session: AsyncSession, kind: ClockKind, earlier: UUID, document: Watched, at: datetime
) -> None:
    """Let the clock of the earlier document run on beside a new one; without it, one starts."""
    clock = await store.running(session, kind, earlier)
    if clock is None:
        start_clock(session, kind, document, at)
    else:
        clock.go_on_beside(document)


def _clock(kind: ClockKind, document: Watched, at: datetime) -> Clock:
    target = TARGETS[kind]
    return Clock(**asdict(document), kind=kind, started_at=at, target=target, next_at=at + target)
