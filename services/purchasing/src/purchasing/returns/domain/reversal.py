"""The reversal of a return: draft, audited, posting until inventory has booked it, then posted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from purchasing.returns.domain.refusals import ReversalNeedsAnother
from purchasing.returns.domain.reversal_refusals import (
    ReversalAlreadyPosted,
    ReversalChanged,
    ReversalNotAudited,
    ReversalNotDraft,
)


class ReversalStatus(StrEnum):
    """Where a reversal stands."""

    DRAFT = "draft"
    AUDITED = "audited"
    POSTING = "posting"
    POSTED = "posted"
    CANCELLED = "cancelled"


DECIDED = frozenset({ReversalStatus.POSTING, ReversalStatus.POSTED})


@dataclass(eq=False, kw_only=True)
class ReturnReversal:
    """A document that takes a posted return back, whole; `version` counts its steps.

    Its lines are those of the return.
    """

    reversal_id: UUID
    number: str
    return_id: UUID
    return_number: str
    receipt_id: UUID
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    reason: str
    drafted_at: datetime
    drafted_by: str
    status: ReversalStatus = ReversalStatus.DRAFT
    version: int = 1
    audited_at: datetime | None = None
    audited_by: str | None = None
    posted_at: datetime | None = None
    posted_by: str | None = None
    command_id: UUID | None = None
    """The command that posts it: inventory answers it once, however often it is asked."""
    device_id: str | None = None
    """The registered device that it is posted with."""
    booked_at: datetime | None = None
    held_since: datetime | None = None
    """Since when inventory refuses it; None if it does not."""
    held_cause: str | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless it is as the caller saw it; None means the caller doesn't mind."""
        if versions is not None and self.version not in versions:
            raise ReversalChanged(**self._where, version=self.version)

    def audit(self, by: str, at: datetime) -> None:
        """Let it be posted: whoever says that a return was a mistake is not who decides it."""
        if self.status is not ReversalStatus.DRAFT:
            raise ReversalNotDraft(**self._where)
        if by == self.drafted_by:
            raise ReversalNeedsAnother(number=self.number, drafted_by=self.drafted_by)
        self.audited_by, self.audited_at = by, at
        self._go_to(ReversalStatus.AUDITED)

    def is_posted_by(self, command_id: UUID) -> bool:
        """Tell whether this command is at posting it, so that a repeat goes on with it."""
        return self.status in DECIDED and self.command_id == command_id

    def post(self, by: str, at: datetime, command_id: UUID, device_id: str | None = None) -> None:
        """Decide it: nobody can cancel it while inventory is asked."""
        self._must_be_open()
        if self.status is not ReversalStatus.AUDITED:
            raise ReversalNotAudited(**self._where)
        self.posted_by, self.posted_at = by, at
        self.command_id, self.device_id = command_id, device_id
        self.held_since = self.held_cause = None
        self._go_to(ReversalStatus.POSTING)

    def refuse(self, command_id: UUID, cause: str, at: datetime) -> bool:
        """Be audited as before, for inventory said no; tell whether it was to be decided still."""
        if self.status is not ReversalStatus.POSTING or self.command_id != command_id:
            return False
        self.posted_by = self.posted_at = self.command_id = self.device_id = None
        self.held_since, self.held_cause = at, cause
        self._go_to(ReversalStatus.AUDITED)
        return True

    def book(self, at: datetime) -> bool:
        """Note that the return is taken back in the books; tell whether that is new."""
        if self.status is ReversalStatus.POSTED:
            return False
        if self.status is not ReversalStatus.POSTING:
            raise ReversalNotAudited(**self._where)
        self.booked_at = at
        self._go_to(ReversalStatus.POSTED)
        return True

    def cancel(self, by: str, at: datetime) -> None:
        """Give up a reversal that was not posted; one that is cancelled stays so."""
        self._must_be_open()
        if self.status is not ReversalStatus.CANCELLED:
            self.cancelled_by, self.cancelled_at = by, at
            self._go_to(ReversalStatus.CANCELLED)

    def _must_be_open(self) -> None:
        if self.status in DECIDED:
            raise ReversalAlreadyPosted(
                number=self.number, posted_by=self.posted_by, posted_at=self.posted_at
            )

    @property
    def _where(self) -> dict[str, object]:
        return {"number": self.number, "reversal_status": self.status.value}

    def _go_to(self, status: ReversalStatus) -> None:
        self.status = status
        self.version += 1
