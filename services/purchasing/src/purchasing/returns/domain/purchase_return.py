"""A return to a supplier: draft, audited, posting until it is booked, posted, maybe reversed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from purchasing.returns.domain.refusals import (
    ReturnAlreadyPosted,
    ReturnChanged,
    ReturnNotAudited,
    ReturnNotDraft,
    ReversalNeedsAnother,
)
from purchasing.returns.domain.return_line import ReturnLine
from purchasing.returns.domain.reversal_refusals import (
    ReturnAlreadyReversed,
    ReturnNotReversible,
    ReversalNotReversible,
)
from purchasing.returns.domain.states import (
    DECIDED,
    SHOWN,
    ReturnCause,
    ReturnStatus,
)


@dataclass(eq=False, kw_only=True)
class PurchaseReturn:
    """A return with its lines, which never change; `version` counts its steps."""

    return_id: UUID
    number: str
    cause: ReturnCause
    note: str | None
    replace: bool
    """Whether the supplier delivers other goods: the order's lines are open again once booked."""
    receipt_id: UUID
    receipt_number: str
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    drafted_at: datetime
    drafted_by: str
    status: ReturnStatus = ReturnStatus.DRAFT
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
    reversed_at: datetime | None = None
    reversed_by: UUID | None = None
    """The document that took it back."""
    reversed_by_number: str | None = None
    lines: list[ReturnLine] = field(default_factory=list)

    @property
    def is_reversal(self) -> bool:
        """Tell whether it undoes a whole receipt."""
        return self.cause is ReturnCause.REVERSAL

    @property
    def reopens_order(self) -> bool:
        """Tell whether the supplier owes the order's goods again."""
        return self.replace or self.is_reversal

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the return is as the caller saw it; None means the caller doesn't mind."""
        if versions is not None and self.version not in versions:
            raise ReturnChanged(**self._where, version=self.version)

    def audit(self, by: str, at: datetime) -> None:
        """Let the return be posted; that of a whole receipt never by who drafted it."""
        if self.status is not ReturnStatus.DRAFT:
            raise ReturnNotDraft(**self._where)
        if self.is_reversal and by == self.drafted_by:
            raise ReversalNeedsAnother(number=self.number, drafted_by=self.drafted_by)
        self.audited_by, self.audited_at = by, at
        self._go_to(ReturnStatus.AUDITED)

    def is_posted_by(self, command_id: UUID) -> bool:
        """Tell whether this command is at posting it, so that a repeat goes on with it."""
        return self.status in DECIDED and self.command_id == command_id

    def post(self, by: str, at: datetime, command_id: UUID, device_id: str | None = None) -> None:
        """Decide that the goods leave: nobody can cancel it while inventory is asked."""
        self._must_be_open()
        if self.status is not ReturnStatus.AUDITED:
            raise ReturnNotAudited(**self._where)
        self.posted_by, self.posted_at = by, at
        self.command_id, self.device_id = command_id, device_id
        self.held_since = self.held_cause = None
        self._go_to(ReturnStatus.POSTING)

    def refuse(self, command_id: UUID, cause: str, at: datetime) -> bool:
        """Be audited as before, for inventory said no; tell whether it was to be decided still."""
        if self.status is not ReturnStatus.POSTING or self.command_id != command_id:
            return False
        self.posted_by = self.posted_at = self.command_id = self.device_id = None
        self.held_since, self.held_cause = at, cause
        self._go_to(ReturnStatus.AUDITED)
        return True

    def book(self, at: datetime) -> bool:
        """Note that the goods are off the books; tell whether that is new."""
        if self.status in (ReturnStatus.POSTED, ReturnStatus.REVERSED):
            return False
        if self.status is not ReturnStatus.POSTING:
            raise ReturnNotAudited(**self._where)
        self.booked_at = at
        self._go_to(ReturnStatus.POSTED)
        return True

    def cancel(self, by: str, at: datetime) -> None:
        """Give up a return that was not posted; one that is cancelled stays so."""
        self._must_be_open()
        if self.status is not ReturnStatus.CANCELLED:
            self.cancelled_by, self.cancelled_at = by, at
            self._go_to(ReturnStatus.CANCELLED)

    def must_be_reversible(self) -> None:
        """Raise unless it is posted, stands, and is no reversal itself."""
        if self.status is ReturnStatus.REVERSED:
            raise ReturnAlreadyReversed(**self._where, reversed_by_number=self.reversed_by_number)
        if self.status is not ReturnStatus.POSTED:
            raise ReturnNotReversible(**self._where)
        if self.is_reversal:
            raise ReversalNotReversible(**self._where)

    def be_reversed(self, by: UUID, number: str, at: datetime) -> None:
        """Count no longer: another document has taken it back."""
        self.must_be_reversible()
        self.reversed_by, self.reversed_by_number, self.reversed_at = by, number, at
        self._go_to(ReturnStatus.REVERSED)

    def _must_be_open(self) -> None:
        if self.status in SHOWN:
            raise ReturnAlreadyPosted(
                number=self.number, posted_by=self.posted_by, posted_at=self.posted_at
            )

    @property
    def _where(self) -> dict[str, object]:
        return {"number": self.number, "return_status": self.status.value}

    def _go_to(self, status: ReturnStatus) -> None:
        self.status = status
        self.version += 1
