"""A requisition: asked for by one person, agreed to by another, ordered in parts."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from purchasing.demand.domain.lines import RequisitionLine, plain
from purchasing.demand.domain.refusals import (
    ApproverAsked,
    MoreThanOpen,
    RequisitionChanged,
    RequisitionPartlyOrdered,
    RequisitionStepRefused,
    UnknownRequisitionLine,
)


class RequisitionStatus(StrEnum):
    """Where a requisition stands; it closes by itself once all that is wanted is ordered."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ORDERING = "ordering"
    """A part of it is ordered."""
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


Status = RequisitionStatus
AGREED = frozenset({Status.APPROVED, Status.ORDERING, Status.CLOSED})
OPEN = frozenset({Status.APPROVED, Status.ORDERING})


@dataclass(frozen=True, kw_only=True)
class RequisitionStep:
    """A step as it is kept: who, when, why, and where the requisition stood then."""

    step_id: UUID
    requisition_id: UUID
    version: int
    status: RequisitionStatus
    at: datetime
    by: str
    reason: str | None


@dataclass(eq=False, kw_only=True)
class Requisition:
    """What a site asks for; `version` counts its steps and changes."""

    requisition_id: UUID
    number: str
    site_id: str
    author: str
    created_at: datetime
    note: str | None = None
    status: RequisitionStatus = RequisitionStatus.DRAFT
    version: int = 1
    approved_by: str | None = None
    approved_at: datetime | None = None
    lines: list[RequisitionLine] = field(default_factory=list)

    @property
    def known_value(self) -> Decimal:
        """What the lines cost of which the price is known, in the currency of the books."""
        return sum(
            (one.quantity * one.unit_cost for one in self.lines if one.unit_cost is not None),
            Decimal(0),
        )

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the requisition is as the caller saw it; None: the caller doesn't mind."""
        if versions is not None and self.version not in versions:
            raise RequisitionChanged(
                number=self.number, requisition_status=self.status.value, version=self.version
            )

    def rewrite(self, lines: list[RequisitionLine], note: str | None) -> None:
        """Ask for something else; only a draft is changed."""
        self._must_stand({Status.DRAFT}, "changed")
        self.lines, self.note = lines, note
        self.version += 1

    def submit(self) -> None:
        """Ask for approval."""
        self._must_stand({Status.DRAFT}, "submitted")
        self._go_to(Status.SUBMITTED)

    def approve(self, by: str, at: datetime) -> None:
        """Let it be ordered; never by whoever wrote it."""
        self._must_stand({Status.SUBMITTED}, "approved")
        if by == self.author:
            raise ApproverAsked(number=self.number, author=self.author)
        self.approved_by, self.approved_at = by, at
        self._go_to(Status.APPROVED)

    def reject(self) -> None:
        """Refuse it for good; asking again takes another requisition."""
        self._must_stand({Status.SUBMITTED}, "rejected")
        self._go_to(Status.REJECTED)

    def send_back(self) -> None:
        """Return it to its author, who may change it."""
        self._must_stand({Status.SUBMITTED}, "sent back")
        self._go_to(Status.DRAFT)

    def cancel(self) -> None:
        """Ask for it no more; what is ordered of it is not taken back like this."""
        self._must_stand({Status.DRAFT, Status.SUBMITTED} | OPEN, "cancelled")
        for line in self.lines:
            if line.ordered:
                raise RequisitionPartlyOrdered(
                    number=self.number,
                    line_no=line.line_no,
                    ordered=plain(line.ordered),
                    unit=line.base_unit,
                )
        self._go_to(Status.CANCELLED)

    def close(self) -> None:
        """Give up what is not ordered; what is ordered and falls through opens it again."""
        self._must_stand(OPEN, "closed")
        for line in self.lines:
            line.given_up += line.open
        self._go_to(Status.CLOSED)

    def line(self, line_no: int) -> RequisitionLine:
        """Return a line, or raise."""
        if 1 <= line_no <= len(self.lines):
            return self.lines[line_no - 1]
        raise UnknownRequisitionLine(number=self.number, line_no=line_no, lines=len(self.lines))

    def must_be_orderable(self) -> None:
        """Raise unless something of it may be ordered."""
        self._must_stand(OPEN, "ordered")

    def order(self, line_no: int, base_quantity: Decimal) -> None:
        """Count as ordered, up to what is open."""
        line = self.line(line_no)
        if base_quantity > line.open:
            raise MoreThanOpen(
                number=self.number,
                line_no=line_no,
                item_id=line.item_id,
                wanted=plain(base_quantity),
                unit=line.base_unit,
                open=plain(line.open),
                asked=plain(line.base_quantity - line.given_up),
                ordered=plain(line.ordered),
            )
        line.ordered += base_quantity

    def settle(self) -> RequisitionStatus | None:
        """Stand where the ordered quantities say; return where it stood if that is different."""
        if self.status not in AGREED:
            return None
        before, now = self.status, Status.APPROVED
        if not any(line.open for line in self.lines):
            now = Status.CLOSED
        elif any(line.ordered or line.given_up for line in self.lines):
            now = Status.ORDERING
        if now is before:
            return None
        self._go_to(now)
        return before

    def _must_stand(self, needed: Collection[RequisitionStatus], step: str) -> None:
        if self.status not in needed:
            raise RequisitionStepRefused(
                number=self.number,
                requisition_status=self.status.value,
                step=step,
                needed=", ".join(sorted(one.value for one in needed)),
            )

    def _go_to(self, status: RequisitionStatus) -> None:
        self.status = status
        self.version += 1
