"""Lines of a count sheet: a place, its counts round by round, and what they amount to."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from inventory.counting.domain.count_refusals import (
    CountedInFuture,
    CountedTooEarly,
    RecountBySamePerson,
)
from inventory.counting.domain.counts import (
    Count,
    Finding,
    Moved,
    Opening,
    Part,
    Tolerance,
    found_by,
)
from inventory.stock.domain import Place

CLOCK_DRIFT = timedelta(seconds=30)
"""How far a counter's clock may run ahead."""


class LineState(StrEnum):
    """Where a line stands."""

    UNCOUNTED = "uncounted"
    """Nobody has counted it in its present round."""
    COUNTED = "counted"
    TO_RECOUNT = "to_recount"
    """Somebody else has to count it once more."""
    LEFT_ALONE = "left_alone"
    """It was decided that it is not counted: the books stay as they are."""


class Outcome(StrEnum):
    """What became of a count that was sent."""

    COUNTED = "counted"
    REPLACED = "replaced"
    """An earlier count of the same spot no longer counts."""
    SUPERSEDED = "superseded"
    """It came late: a later count of the same spot, or a later round, is there already."""
    REPEATED = "repeated"
    """It was there already."""


@dataclass(frozen=True)
class Settlement:
    """The line of a posted document that puts the books right."""

    document_id: UUID
    line_no: int


@dataclass(eq=False, kw_only=True)
class CountLine:
    """A place that is counted."""

    line_no: int
    place: Place
    opening: Opening
    by_serial: bool = False
    """Whether units are counted one by one, by their numbers."""
    added: bool = False
    """Found during the count; the sheet didn't have it at first."""
    rounds: list[datetime]
    """When each round began."""
    left_alone: bool = False
    result: Finding | None = None
    """What the audit took for true."""
    gain: Settlement | None = None
    loss: Settlement | None = None
    counts: list[Count] = field(default_factory=list)
    moved: Sequence[Moved] = ()

    @property
    def round_no(self) -> int:
        """Return the number of the present round."""
        return len(self.rounds)

    @property
    def settled_by(self) -> list[tuple[Settlement, Part]]:
        """Return the lines of documents that put the books right, and what each has to move."""
        if self.result is None:
            return []
        parts = ((self.gain, self.result.gained), (self.loss, self.result.lost))
        return [(settlement, part) for settlement, part in parts if settlement is not None]

    def round_of(self, counted_at: datetime, at: datetime) -> int:
        """Return the round that ran when something was counted, however late that is told."""
        if counted_at > at + CLOCK_DRIFT:
            raise CountedInFuture(counted_at=counted_at.isoformat())
        if not (round_no := bisect_right(self.rounds, counted_at)):
            raise CountedTooEarly(
                counted_at=counted_at.isoformat(), opened_at=self.rounds[0].isoformat()
            )
        return round_no

    def take(self, count: Count) -> Outcome:
        """Take a count in; a round is not counted by whoever counted the one before."""
        if count.counted_by in self._counters(count.round_no - 1):
            raise RecountBySamePerson(counted_by=count.counted_by, line_no=self.line_no)
        rivals = [one for one in self._of_round(count.round_no) if one.spot == count.spot]
        self.counts.append(count)
        late = any(one.counted_at > count.counted_at for one in rivals)
        if late or count.round_no < self.round_no:
            return Outcome.SUPERSEDED
        return Outcome.REPLACED if rivals else Outcome.COUNTED

    def finding(self) -> Finding | None:
        """Return what the present round has found so far."""
        return found_by(self._of_round(self.round_no), self.opening, self.moved)

    def is_counted_by_others(self, user_id: str) -> bool:
        """Tell whether somebody else has counted in the present round."""
        return not self._counters(self.round_no) <= {user_id}

    def state(self, tolerance: Tolerance) -> LineState:
        """Return where the line stands; a first count that is far off is not the last word."""
        finding = self.finding()
        if self.left_alone:
            return LineState.LEFT_ALONE
        if finding is None:
            return LineState.UNCOUNTED
        doubtful = finding.uncertain or not self._sure(finding, tolerance)
        return LineState.TO_RECOUNT if doubtful else LineState.COUNTED

    def _sure(self, finding: Finding, tolerance: Tolerance) -> bool:
        """Tell whether two people agree that the books are wrong, or one that they are not.

        A count of the round before may come late, and then be by the same person after all.
        """
        if self.round_no == 1 or tolerance.covers(finding):
            return tolerance.covers(finding)
        before, now = self._counters(self.round_no - 1), self._counters(self.round_no)
        return before.isdisjoint(now)

    def recount(self, at: datetime) -> None:
        """Begin another round; what was decided on the one before no longer holds."""
        self.rounds = [*self.rounds, at]
        self.forget()

    def forget(self) -> None:
        """Take back what an audit decided."""
        self.left_alone, self.result, self.gain, self.loss = False, None, None, None

    def _counters(self, round_no: int) -> set[str]:
        return {one.counted_by for one in self._of_round(round_no)}

    def _of_round(self, round_no: int) -> list[Count]:
        return [one for one in self.counts if one.round_no == round_no]
