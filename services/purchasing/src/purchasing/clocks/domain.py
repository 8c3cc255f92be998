"""Clocks that run beside documents: each has a time to keep, and who must know when it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class ClockKind(StrEnum):
    """What is waited for: the posting of what was counted, or the supplier's confirmation."""

    POSTING = "posting"
    CONFIRMATION = "confirmation"


TARGETS = {
    ClockKind.POSTING: timedelta(minutes=10),
    ClockKind.CONFIRMATION: timedelta(hours=48),
}
LEVELS: dict[ClockKind, tuple[tuple[str, ...], ...]] = {
    ClockKind.POSTING: (("clerk", "shop_manager"), ("shop_manager", "buyer"), ("buyer", "finance")),
    ClockKind.CONFIRMATION: (("buyer",), ("buyer", "finance")),
}
"""Who must know when the time is over once, twice and so on: one level each time."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A document that is waited for, and whose it is."""

    document_id: UUID
    number: str
    site_id: str
    supplier_id: str
    clerk: str
    """Who counted the goods, or scanned the code."""
    document_kind: str = "receipt"
    scanned: str | None = None
    """What was scanned, where nothing else has come of it yet: it is waited for once per clerk."""


@dataclass(eq=False, kw_only=True)
class Clock:
    """How long a document waits; the target it started with stays its own."""

    document_id: UUID
    kind: ClockKind
    number: str
    site_id: str
    supplier_id: str
    clerk: str
    started_at: datetime
    target: timedelta
    next_at: datetime | None
    """When it escalates next; None when it stands, or nobody is left to tell."""
    stopped_at: datetime | None = None
    level: int | None = None
    """How far it escalated; None if it never ran over."""
    warning_id: UUID | None = None
    document_kind: str = "receipt"
    scanned: str | None = None

    def go_on_beside(self, document: Watched) -> None:
        """Run on beside what has come of its document: since when and how far stays."""
        for name, value in vars(document).items():
            setattr(self, name, value)

    def escalate(self, at: datetime, fresh: UUID) -> tuple[str, ...]:
        """Go up one level if the time is over again; return who must know.

        The warning gets the fresh id, unless it has one from the level before.
        """
        if self.next_at is None or at < self.next_at:
            return ()
        levels = LEVELS[self.kind]
        self.level = 0 if self.level is None else self.level + 1
        self.warning_id = self.warning_id or fresh
        self.next_at = self.next_at + self.target if self.level + 1 < len(levels) else None
        return levels[self.level]

    def stop(self, at: datetime) -> tuple[str, ...]:
        """Stand still; return who was told that it ran over, if anybody was."""
        self.stopped_at, self.next_at = at, None
        return () if self.level is None else LEVELS[self.kind][self.level]

    def late_since(self) -> datetime:
        """Return when its time was over."""
        return self.started_at + self.target
