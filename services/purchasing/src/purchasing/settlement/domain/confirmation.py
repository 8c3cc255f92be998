"""What a supplier says about a receipt, line by line, and how disputes end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from purchasing.settlement.domain.refusals import (
    AlreadySettled,
    DisputeOpen,
    DisputeUnexplained,
    LinesNamedTwice,
    LinesNotDisputed,
    UnknownReceiptLines,
)
from purchasing.settlement.domain.verdicts import (
    ConfirmationStatus,
    Correction,
    DisputeReason,
    LineVerdict,
)

UNSETTLED = frozenset({LineVerdict.OPEN, LineVerdict.DISPUTED})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody says about a line."""

    line_no: int
    verdict: LineVerdict
    reason: DisputeReason | None = None
    claimed: Decimal | None = None
    note: str | None = None


@dataclass(eq=False, kw_only=True)
class ConfirmationLine:
    """A line of the receipt, and what was said of it last."""

    line_no: int
    item_id: str
    recorded: Decimal
    verdict: LineVerdict = LineVerdict.OPEN
    reason: DisputeReason | None = None
    claimed: Decimal | None = None


@dataclass(eq=False, kw_only=True)
class ConfirmationStep:
    """Who said what, when: never changed, never removed."""

    step_no: int
    line_no: int
    at: datetime
    by: str
    verdict: LineVerdict
    reason: DisputeReason | None
    claimed: Decimal | None
    note: str | None
    correction: Correction | None = None
    correction_quantity: Decimal | None = None


@dataclass(eq=False, kw_only=True)
class Confirmation:
    """What is between us and the supplier about one receipt."""

    receipt_id: UUID
    number: str
    supplier_id: str
    site_id: str
    status: ConfirmationStatus = ConfirmationStatus.OPEN
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    lines: list[ConfirmationLine] = field(default_factory=list)
    steps: list[ConfirmationStep] = field(default_factory=list)

    def answer(self, answers: Sequence[Answer], by: str, at: datetime) -> None:
        """Take the supplier's word; what they disputed before they may confirm, and back."""
        self._must_be_open(answers)
        vague = [
            one.line_no
            for one in answers
            if one.reason is DisputeReason.QUANTITY and one.claimed is None
        ]
        if vague:
            raise DisputeUnexplained(unexplained=_listed(vague))
        for one in answers:
            line = self._line(one.line_no)
            line.verdict, line.reason, line.claimed = one.verdict, one.reason, one.claimed
            self._note(one, by, at)
        self._settle(by, at)

    def resolve(self, answers: Sequence[Answer], by: str, at: datetime) -> None:
        """Decide disputes for us (upheld) or for the supplier (accepted)."""
        self._must_be_open(answers)
        calm = [
            one.line_no
            for one in answers
            if self._line(one.line_no).verdict is not LineVerdict.DISPUTED
        ]
        if calm:
            raise LinesNotDisputed(number=self.number, undisputed=_listed(calm))
        for one in answers:
            line = self._line(one.line_no)
            line.verdict = one.verdict
            step = self._note(one, by, at)
            step.reason, step.claimed = line.reason, line.claimed
            if one.verdict is LineVerdict.ACCEPTED:
                step.correction, step.correction_quantity = _correction(line)
        self._settle(by, at)

    def must_not_be_disputed(self) -> None:
        """Raise if a dispute holds what would be done."""
        disputed = self.disputed()
        if disputed:
            raise DisputeOpen(
                number=self.number, disputed=_listed([line.line_no for line in disputed])
            )

    def disputed(self) -> Sequence[ConfirmationLine]:
        """Return the lines in dispute."""
        return [line for line in self.lines if line.verdict is LineVerdict.DISPUTED]

    def _must_be_open(self, answers: Sequence[Answer]) -> None:
        if self.status is ConfirmationStatus.CONFIRMED:
            raise AlreadySettled(
                number=self.number,
                confirmed_by=self.confirmed_by,
                confirmed_at=self.confirmed_at.isoformat() if self.confirmed_at else None,
            )
        named = [one.line_no for one in answers]
        unknown = set(named).difference(line.line_no for line in self.lines)
        if unknown:
            raise UnknownReceiptLines(
                number=self.number, unknown=_listed(unknown), lines=len(self.lines)
            )
        repeated = {one for one in named if named.count(one) > 1}
        if repeated:
            raise LinesNamedTwice(repeated=_listed(repeated))

    def _line(self, line_no: int) -> ConfirmationLine:
        return next(line for line in self.lines if line.line_no == line_no)

    def _note(self, one: Answer, by: str, at: datetime) -> ConfirmationStep:
        step = ConfirmationStep(
            step_no=len(self.steps) + 1,
            line_no=one.line_no,
            at=at,
            by=by,
            verdict=one.verdict,
            reason=one.reason,
            claimed=one.claimed,
            note=one.note,
        )
        self.steps.append(step)
        return step

    def _settle(self, by: str, at: datetime) -> None:
        if self.disputed():
            self.status = ConfirmationStatus.DISPUTED
        elif any(line.verdict in UNSETTLED for line in self.lines):
            self.status = ConfirmationStatus.OPEN
        else:
            self.status = ConfirmationStatus.CONFIRMED
            self.confirmed_at, self.confirmed_by = at, by


def _correction(line: ConfirmationLine) -> tuple[Correction, Decimal | None]:
    if line.claimed is None or line.claimed == line.recorded:
        return Correction.INVOICE_DIFFERENCE, None
    if line.claimed > line.recorded:
        return Correction.RECEIVE_REST, line.claimed - line.recorded
    return Correction.RETURN_SURPLUS, line.recorded - line.claimed


def _listed(numbers: Collection[int]) -> str:
    return ", ".join(str(one) for one in sorted(set(numbers)))
