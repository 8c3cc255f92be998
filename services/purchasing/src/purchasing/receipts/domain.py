"""Receipts: draft, audited, posting until inventory has booked them, then posted for good."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from servicekit.errors import Kind, Refusal


class UnknownReceipt(Refusal):
    """There is no such receipt."""

    kind = Kind.NOT_FOUND
    code = "unknown_receipt"
    en = "There is no receipt {receipt_id}."
    zh = "没有收货单 {receipt_id}。"


class VersionConflict(Refusal):
    """Somebody changed the receipt since the caller looked at it."""

    kind = Kind.CONFLICT
    code = "version_conflict"
    en = (
        "Receipt {number} was changed meanwhile: it is {receipt_status} now, in version {version}."
        " Look at it again, then decide."
    )
    zh = (
        "收货单 {number} 已被修改：当前状态为 {receipt_status}，版本 {version}。"
        "请重新查看后再操作。"
    )


class NotDraft(Refusal):
    """Only a draft can be audited."""

    kind = Kind.CONFLICT
    code = "receipt_not_draft"
    en = "Receipt {number} is {receipt_status}; only a draft can be audited."
    zh = "收货单 {number} 当前状态为 {receipt_status}，只有草稿可以审核。"


class NotAudited(Refusal):
    """Only an audited receipt can be posted."""

    kind = Kind.CONFLICT
    code = "receipt_not_audited"
    en = "Receipt {number} is {receipt_status}; only an audited one can be posted. Audit it first."
    zh = "收货单 {number} 当前状态为 {receipt_status}，只有已审核的单据可以过账。请先审核。"


class AlreadyPosted(Refusal):
    """What is posted stays posted; a mistake is put right by a document of its own."""

    kind = Kind.CONFLICT
    code = "receipt_already_posted"
    en = "Receipt {number} was posted by {posted_by} at {posted_at}. Nothing was posted twice."
    zh = "收货单 {number} 已由 {posted_by} 于 {posted_at} 过账，未重复过账。"


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
    """What arrived against a line of the order, at the price agreed there."""

    line_no: int
    order_line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    unit_cost: Decimal
    batch_id: str = ""
    manufactured_on: date | None = None
    expires_on: date | None = None
    serials: tuple[str, ...] = ()


@dataclass(eq=False, kw_only=True)
class Receipt:
    """A receipt with its lines, which never change; `version` counts its steps."""

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
    status: ReceiptStatus = ReceiptStatus.DRAFT
    version: int = 1
    audited_at: datetime | None = None
    audited_by: str | None = None
    posted_at: datetime | None = None
    posted_by: str | None = None
    booked_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    lines: list[ReceiptLine] = field(default_factory=list)

    def arrivals(self) -> Mapping[int, Decimal]:
        """Return how much arrived against each line of the order."""
        return sum_by_order_line((line.order_line_no, line.quantity) for line in self.lines)

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the receipt is as the caller saw it; None means the caller doesn't mind."""
        if versions is not None and self.version not in versions:
            raise VersionConflict(
                number=self.number, receipt_status=self.status.value, version=self.version
            )

    def audit(self, by: str, at: datetime) -> None:
        """Let the receipt be posted."""
        if self.status is not ReceiptStatus.DRAFT:
            raise NotDraft(number=self.number, receipt_status=self.status.value)
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
        self._go_to(ReceiptStatus.POSTED)

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


def sum_by_order_line(pairs: Iterable[tuple[int, Decimal]]) -> Mapping[int, Decimal]:
    """Return the quantity for each line of an order, which a receipt may name more than once."""
    sums: dict[int, Decimal] = {}
    for order_line_no, quantity in pairs:
        sums[order_line_no] = sums.get(order_line_no, Decimal(0)) + quantity
    return sums
