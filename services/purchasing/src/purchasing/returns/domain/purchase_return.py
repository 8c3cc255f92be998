"""A return to a supplier: draft, audited, posting until inventory has booked it, then posted."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from purchasing.returns.domain.refusals import (
    ReturnAlreadyPosted,
    ReturnChanged,
    ReturnNotAudited,
    ReturnNotDraft,
    ReversalNeedsAnother,
)


class ReturnStatus(StrEnum):
    """Where a return stands."""

    DRAFT = "draft"
    AUDITED = "audited"
    POSTING = "posting"
    POSTED = "posted"
    CANCELLED = "cancelled"


class ReturnCause(StrEnum):
    """Why goods go back."""

    DEFECT = "defect"
    OVER_DELIVERY = "over_delivery"
    WRONG_GOODS = "wrong_goods"
    EXPIRED = "expired"
    OTHER = "other"
    REVERSAL = "reversal"
    """The receipt was posted by mistake, and all of it is undone."""

    @property
    def needs_note(self) -> bool:
        """Tell whether it says too little by itself."""
        return self in {ReturnCause.OTHER, ReturnCause.REVERSAL}


class GoodsStatus(StrEnum):
    """What goods are on the shelf that go back; rejected ones are frozen."""

    AVAILABLE = "available"
    IN_INSPECTION = "in_inspection"
    FROZEN = "frozen"


DECIDED = frozenset({ReturnStatus.POSTING, ReturnStatus.POSTED})


@dataclass(eq=False, kw_only=True)
class ReturnLine:
    """How much of a receipt's line goes back, in the item's base unit, and where it lies."""

    line_no: int
    receipt_line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    batch_id: str = ""
    serials: tuple[str, ...] = ()
    warehouse_id: str
    goods_status: GoodsStatus | None = None
    """What the goods are; None of a reversal, whose goods inventory takes as they are."""
    returned_before: Decimal | None = None
    """How much of the receipt's line had gone back before, once it is booked."""


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
    booked_at: datetime | None = None
    held_since: datetime | None = None
    """Since when inventory refuses it; None if it does not."""
    held_cause: str | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
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

    def post(self, by: str, at: datetime, command_id: UUID) -> None:
        """Decide that the goods leave: nobody can cancel it while inventory is asked."""
        self._must_be_open()
        if self.status is not ReturnStatus.AUDITED:
            raise ReturnNotAudited(**self._where)
        self.posted_by, self.posted_at, self.command_id = by, at, command_id
        self.held_since = self.held_cause = None
        self._go_to(ReturnStatus.POSTING)

    def refuse(self, command_id: UUID, cause: str, at: datetime) -> bool:
        """Be audited as before, for inventory said no; tell whether it was to be decided still."""
        if self.status is not ReturnStatus.POSTING or self.command_id != command_id:
            return False
        self.posted_by = self.posted_at = self.command_id = None
        self.held_since, self.held_cause = at, cause
        self._go_to(ReturnStatus.AUDITED)
        return True

    def book(self, at: datetime) -> bool:
        """Note that the goods are off the books; tell whether that is new."""
        if self.status is ReturnStatus.POSTED:
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

    def _must_be_open(self) -> None:
        if self.status in DECIDED:
            raise ReturnAlreadyPosted(
                number=self.number, posted_by=self.posted_by, posted_at=self.posted_at
            )

    @property
    def _where(self) -> dict[str, object]:
        return {"number": self.number, "return_status": self.status.value}

    def _go_to(self, status: ReturnStatus) -> None:
        self.status = status
        self.version += 1
