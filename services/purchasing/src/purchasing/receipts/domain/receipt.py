"""Receipts: draft, audited, posting until inventory has booked them, then posted for good."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from purchasing.clocks.domain import Watched
from purchasing.receipts.domain.refusals import (
    AlreadyPosted,
    AuditorCounted,
    NotAudited,
    NotDraft,
    VersionConflict,
)
from purchasing.receipts.domain.refused_goods import RefusedGoods
from purchasing.receipts.domain.sums import sum_by_order_line
from purchasing.reference.domain import Weight


class ReceiptStatus(StrEnum):
    """Where a receipt stands."""

    DRAFT = "draft"
    AUDITED = "audited"
    POSTING = "posting"
    POSTED = "posted"
    CANCELLED = "cancelled"


DECIDED = frozenset({ReceiptStatus.POSTING, ReceiptStatus.POSTED})


@dataclass(eq=False, kw_only=True)
class ReceiptLine:
    """What arrived against a line of the order, at the price agreed there.

    `quantity` and `unit_cost` are in the item's base unit; what the clerk counted stands beside it.
    """

    line_no: int
    order_line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    unit_cost: Decimal
    counted_unit: str
    counted_quantity: Decimal
    unit_version: int | None = None
    """The version of the conversion that was used; None if it was counted in the base unit."""
    batch_id: str = ""
    manufactured_on: date | None = None
    expires_on: date | None = None
    serials: tuple[str, ...] = ()
    scale_id: str | None = None
    """The scale that weighed the goods, if they were weighed; what it said follows."""
    gross: Decimal | None = None
    tare: Decimal | None = None
    net: Decimal | None = None
    weight_unit: str | None = None
    weighed_at: datetime | None = None
    arrived_in: str | None = None
    """The warehouse that inventory booked it into, once it has."""
    arrival_rule: str | None = None
    """The rule of inventory that decided so; None where it arrived as it was ordered."""
    returned: Decimal = Decimal(0)
    """How much of it went back to the supplier."""

    def weighed_by(self, weight: Weight) -> None:
        """Keep what the scale said."""
        self.scale_id, self.weighed_at = weight.scale_id, weight.weighed_at
        self.gross, self.tare, self.net = weight.gross, weight.tare, weight.net
        self.weight_unit = weight.unit


@dataclass(eq=False, kw_only=True)
class Receipt:
    """A receipt with its lines; what came never changes. `version` counts its steps."""

    receipt_id: UUID
    number: str
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: str
    delivery_note: str | None
    received_at: datetime
    received_by: str
    opening_id: UUID | None = None
    opened_at: datetime | None = None
    """When a code was scanned for it; None if none was."""
    opened_by: str | None = None
    device_id: str | None = None
    session_id: UUID | None = None
    """The scan session that the code was scanned in."""
    status: ReceiptStatus = ReceiptStatus.DRAFT
    version: int = 1
    audited_at: datetime | None = None
    audited_by: str | None = None
    posted_at: datetime | None = None
    posted_by: str | None = None
    booked_at: datetime | None = None
    held_since: datetime | None = None
    """Since when inventory can't book it as it is; None if it can."""
    held_cause: str | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    reversed_by: UUID | None = None
    """The return that undid it, because it was posted by mistake."""
    reversed_by_number: str | None = None
    lines: list[ReceiptLine] = field(default_factory=list)
    refused: list[RefusedGoods] = field(default_factory=list)

    def arrivals(self) -> Mapping[int, Decimal]:
        """Return how much arrived against each line of the order."""
        return sum_by_order_line((line.order_line_no, line.quantity) for line in self.lines)

    def watched(self) -> Watched:
        """Return it as clocks know it."""
        return Watched(
            document_id=self.receipt_id,
            number=self.number,
            site_id=self.site_id,
            supplier_id=self.supplier_id,
            clerk=self.received_by,
        )

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the receipt is as the caller saw it; None means the caller doesn't mind."""
        if versions is not None and self.version not in versions:
            raise VersionConflict(
                number=self.number, receipt_status=self.status.value, version=self.version
            )

    def audit(self, by: str, at: datetime, *, by_another: bool = False) -> None:
        """Let the receipt be posted; where the house asks for it, never by who counted."""
        if self.status is not ReceiptStatus.DRAFT:
            raise NotDraft(number=self.number, receipt_status=self.status.value)
        if by_another and by == self.received_by:
            raise AuditorCounted(counted_by=by)
        self.audited_by, self.audited_at = by, at
        self._go_to(ReceiptStatus.AUDITED)

    def post(self, by: str, at: datetime) -> None:
        """Decide that the goods are in the warehouse; from here there is no way back."""
        self._must_be_open()
        if self.status is not ReceiptStatus.AUDITED:
            raise NotAudited(number=self.number, receipt_status=self.status.value)
        self.posted_by, self.posted_at = by, at
        self._go_to(ReceiptStatus.POSTING)

    def book(self, at: datetime) -> None:
        """Note that inventory has the goods in its ledger; hearing it twice changes nothing."""
        if self.status is ReceiptStatus.POSTED:
            return
        if self.status is not ReceiptStatus.POSTING:
            raise NotAudited(number=self.number, receipt_status=self.status.value)
        self.booked_at = at
        self.held_since = self.held_cause = None
        self._go_to(ReceiptStatus.POSTED)

    def hold(self, cause: str, since: datetime) -> bool:
        """Note why inventory can't book it; return whether it could until now."""
        if self.status is not ReceiptStatus.POSTING:
            return False
        fresh = self.held_since is None
        self.held_since, self.held_cause = self.held_since or since, cause
        self.version += 1
        return fresh

    def reverse(self, return_id: UUID, number: str) -> None:
        """Note by which return all of it was undone; it stays posted, as all documents do."""
        self.reversed_by, self.reversed_by_number = return_id, number
        self.version += 1

    def cancel(self, by: str, at: datetime) -> bool:
        """Give up a receipt that was not posted; return whether it was still standing."""
        self._must_be_open()
        if self.status is ReceiptStatus.CANCELLED:
            return False
        self.cancelled_by, self.cancelled_at = by, at
        self._go_to(ReceiptStatus.CANCELLED)
        return True

    def _must_be_open(self) -> None:
        if self.status in DECIDED:
            raise AlreadyPosted(
                number=self.number, posted_by=self.posted_by, posted_at=self.posted_at
            )

    def _go_to(self, status: ReceiptStatus) -> None:
        self.status = status
        self.version += 1
