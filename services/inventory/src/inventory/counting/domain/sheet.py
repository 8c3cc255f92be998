"""Count sheets: counted, audited, approved, each by another person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from inventory.counting.domain.count_refusals import WarehouseNotNamed, WarehouseNotOnSheet
from inventory.counting.domain.counts import Tolerance
from inventory.counting.domain.line import CountLine, LineState
from inventory.counting.domain.refusals import (
    NAMED_AT_MOST,
    AuditorApproves,
    BooksChanged,
    CounterAudits,
    LinesCounted,
    LinesNotCounted,
    LinesToRecount,
    NothingToRecount,
    SheetChanged,
    SheetWrongStatus,
    UnknownLines,
)
from inventory.stock.domain import Place


class SheetStatus(StrEnum):
    """Where a sheet stands."""

    COUNTING = "counting"
    AUDITED = "audited"
    CLOSED = "closed"
    CANCELLED = "cancelled"


UNSETTLED = (SheetStatus.COUNTING, SheetStatus.AUDITED)


@dataclass(frozen=True)
class Goods:
    """What is to be counted or was, wherever the sheet says."""

    item_id: str
    batch_id: str
    warehouse_id: str | None


@dataclass(eq=False, kw_only=True)
class CountSheet:
    """A list of places to count, and how far it has come."""

    sheet_id: UUID
    number: str
    site_id: str
    warehouse_id: str | None = None
    category: str | None = None
    abc_class: str | None = None
    blind: bool
    tolerance_quantity: Decimal
    tolerance_percent: Decimal
    lines: int
    """How many it has; the store loads them as they are needed."""
    opened_at: datetime
    opened_by: str
    status: SheetStatus = SheetStatus.COUNTING
    version: int = 1
    audited_at: datetime | None = None
    audited_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None

    @property
    def tolerance(self) -> Tolerance:
        """Return how far counts may be from the books without a recount."""
        return Tolerance(self.tolerance_quantity, self.tolerance_percent)

    def place_of(self, goods: Goods) -> Place:
        """Return where goods were counted; the sheet must cover the place."""
        warehouse_id = goods.warehouse_id or self.warehouse_id
        if warehouse_id is None:
            raise WarehouseNotNamed(item_id=goods.item_id)
        if self.warehouse_id not in (None, warehouse_id):
            raise WarehouseNotOnSheet(wanted=self.warehouse_id, warehouse_id=warehouse_id)
        return Place(self.site_id, goods.item_id, warehouse_id, goods.batch_id)

    def number_line(self, line: CountLine) -> None:
        """Let a line that was found during the count be the sheet's last one."""
        if not line.line_no:
            self.lines += 1
            line.line_no = self.lines

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the sheet is as the caller saw it; None means whichever it is."""
        if versions is not None and self.version not in versions:
            raise SheetChanged(
                number=self.number, sheet_status=self.status.value, version=self.version
            )

    def must_be(self, act: str, *wanted: SheetStatus) -> None:
        """Raise unless the sheet is where a step begins."""
        if self.status not in wanted:
            raise SheetWrongStatus(
                number=self.number,
                sheet_status=self.status.value,
                act=act,
                needed=" / ".join(wanted),
            )

    def recount(
        self, lines: Mapping[int, CountLine], wanted: Collection[int] | None, at: datetime
    ) -> list[CountLine]:
        """Begin another round for these lines, or for all that need one; the audit is undone."""
        self.must_be("recounted", *UNSETTLED)
        chosen = self._numbered(lines, wanted) if wanted is not None else self.doubtful(lines)
        again = [line for line in chosen if line.finding() is not None]
        if not again:
            raise NothingToRecount(number=self.number)
        for line in lines.values():
            line.forget()
        for line in again:
            line.recount(at)
        self.audited_at = self.audited_by = None
        self._go_to(SheetStatus.COUNTING)
        return again

    def doubtful(self, lines: Mapping[int, CountLine]) -> list[CountLine]:
        """Return the lines that somebody else has to count once more."""
        return self._in_state(lines, LineState.TO_RECOUNT)

    def audit(
        self, lines: Mapping[int, CountLine], left_alone: Collection[int], by: str, at: datetime
    ) -> None:
        """Take what was counted for true, line by line; what was not counted is left alone."""
        self.must_be("audited", SheetStatus.COUNTING)
        if any(count.counted_by == by for line in lines.values() for count in line.counts):
            raise CounterAudits(number=self.number, user_id=by)
        passed_over = self._numbered(lines, left_alone)
        if counted := [line for line in passed_over if line.finding() is not None]:
            raise LinesCounted(number=self.number, lines=_named(counted))
        for line in passed_over:
            line.left_alone = True
        if uncounted := self._in_state(lines, LineState.UNCOUNTED):
            raise LinesNotCounted(number=self.number, open=len(uncounted), lines=_named(uncounted))
        if doubtful := self.doubtful(lines):
            raise LinesToRecount(number=self.number, open=len(doubtful), lines=_named(doubtful))
        for line in lines.values():
            line.result = line.finding()
        self.audited_by, self.audited_at = by, at
        self._go_to(SheetStatus.AUDITED)

    def close(self, lines: Mapping[int, CountLine], by: str, at: datetime) -> None:
        """Let the differences be posted, which the auditor can't do alone."""
        self.must_be("approved", SheetStatus.AUDITED)
        if by == self.audited_by:
            raise AuditorApproves(number=self.number, user_id=by)
        changed = [line for line in lines.values() if line.finding() != line.result]
        if changed:
            raise BooksChanged(number=self.number, lines=_named(changed))
        self.closed_by, self.closed_at = by, at
        self._go_to(SheetStatus.CLOSED)

    def cancel(self, by: str, at: datetime) -> None:
        """Give the sheet up; the books stay as they are."""
        self.must_be("cancelled", *UNSETTLED)
        self.cancelled_by, self.cancelled_at = by, at
        self._go_to(SheetStatus.CANCELLED)

    def _in_state(self, lines: Mapping[int, CountLine], state: LineState) -> list[CountLine]:
        return [line for line in lines.values() if line.state(self.tolerance) is state]

    def _numbered(self, lines: Mapping[int, CountLine], wanted: Collection[int]) -> list[CountLine]:
        if unknown := sorted(set(wanted) - lines.keys()):
            raise UnknownLines(number=self.number, lines=", ".join(map(str, unknown)))
        return [lines[line_no] for line_no in sorted(set(wanted))]

    def _go_to(self, status: SheetStatus) -> None:
        self.status = status
        self.version += 1


def _named(lines: Sequence[CountLine]) -> list[int]:
    return sorted(line.line_no for line in lines)[:NAMED_AT_MOST]
