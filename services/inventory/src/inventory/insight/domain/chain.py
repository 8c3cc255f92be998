"""The hash chains of the ledger, followed entry by entry to find where one was broken."""

from dataclasses import dataclass, field
from enum import StrEnum

from inventory.stock.domain.books import Head
from inventory.stock.domain.movements import Entry, Stream, hash_of


class Cause(StrEnum):
    """How a chain was broken."""

    CHANGED = "changed"
    """The entry says something else than when it was written, or stands in another's place."""
    MISSING = "missing"
    """Entries before this one are gone."""
    CUT_OFF = "cut_off"
    """The last entries are gone."""
    UNANNOUNCED = "unannounced"
    """The entry stands behind the end that the stream knows, or the stream knows none."""


@dataclass(frozen=True)
class Breach:
    """The first entry of a stream that does not follow from the one before."""

    site_id: str
    item_id: str
    sequence: int
    cause: Cause


@dataclass(frozen=True)
class Position:
    """An entry that was followed to: the next one is held against its hash."""

    stream: Stream
    sequence: int
    hash: bytes


@dataclass
class ChainWalk:
    """A walk over streams in order, which may pause after any entry and go on from there."""

    at: Position | None = None
    streams: int = 0
    entries: int = 0
    breaches: list[Breach] = field(default_factory=list)
    _end: Head | None = None
    _broken: Stream | None = None

    def follow(self, entry: Entry, end: Head | None) -> None:
        """Take the next entry, and the end its stream knew when the entry was read."""
        stream = entry.movement.place.stream
        if self.at is None or self.at.stream != stream:
            self.leave()
            self.at = Position(stream, 0, b"")
            self.streams += 1
        self._end = end
        self.entries += 1
        cause = self._cause(self.at, entry)
        if cause is not None:
            self._breach(stream, entry.sequence, cause)
        self.at = Position(stream, entry.sequence, entry.hash)

    def leave(self) -> None:
        """Hold the last entry of a stream against the end it knew."""
        if self.at is None or self._end is None:
            return
        if self.at.sequence < self._end.sequence:
            self._breach(self.at.stream, self._end.sequence, Cause.CUT_OFF)
        elif self.at.hash != self._end.hash:
            self._breach(self.at.stream, self.at.sequence, Cause.CHANGED)
        self._end = None

    def miss(self, stream: Stream, end: Head) -> None:
        """Take a stream that knows an end, but has no entry at all."""
        self.streams += 1
        self._breach(stream, end.sequence, Cause.CUT_OFF)

    def taken(self) -> list[Breach]:
        """Return the breaches found since last asked, so that they need not be kept."""
        found, self.breaches = self.breaches, []
        return found

    def _cause(self, before: Position, entry: Entry) -> Cause | None:
        if self._end is None or entry.sequence > self._end.sequence:
            return Cause.UNANNOUNCED
        if entry.sequence != before.sequence + 1:
            return Cause.MISSING
        written = hash_of(before.hash, entry.sequence, entry.movement)
        return None if written == entry.hash else Cause.CHANGED

    def _breach(self, stream: Stream, sequence: int, cause: Cause) -> None:
        if stream != self._broken:
            self._broken = stream
            self.breaches.append(Breach(*stream, sequence, cause))
