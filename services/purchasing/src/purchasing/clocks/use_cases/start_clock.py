"""Start a clock beside a document."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.clocks.domain import TARGETS, Clock, ClockKind, Watched


def start_clock(session: AsyncSession, kind: ClockKind, document: Watched, at: datetime) -> None:
    """Let the clock of a document run from now on."""
    target = TARGETS[kind]
    session.add(
        Clock(**asdict(document), kind=kind, started_at=at, target=target, next_at=at + target)
    )
