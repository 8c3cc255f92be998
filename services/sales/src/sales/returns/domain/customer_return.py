"""A return: draft, audited, posting until inventory has booked it, posted, maybe reversed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sales.returns.domain.refusals import (
    ReturnAlreadyPosted,
    ReturnChanged,
    ReturnNotAudited,
    ReturnNotDraft,
    ReturnNotExchangeable,
    ReversalNeedsAnother,
)
from sales.returns.domain.reversal_refusals import (
    ReturnAlreadyReversed,
    ReturnNotReversible,
    ReversalNotReversible,
)
from sales.returns.domain.shipped import ZERO, ShippedLine
from sales.returns.domain.states import DECIDED, UNSEEN, VOID, ReturnCause, ReturnStatus


@dataclass(eq=False, kw_only=True)
class ReturnLine:
    """What came back of a line of the shipment; what is paid back for it is known once posted."""

    line_no: int
    shipment_line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    batch_id: str = ""
    serials: tuple[str, ...] = ()
    returned_before: Decimal | None = None
    """How much of the shipment's line had come back before."""
    amount: Decimal | None = None


@dataclass(eq=False, kw_only=True)
class CustomerReturn:
    """A return with its lines; `version` counts its steps."""

    return_id: UUID
    number: str
    cause: ReturnCause
    shipment_id: UUID
    shipment_number: str
    order_id: UUID
    customer_id: str
    site_id: str
    warehouse_id: str
    currency: str
    reason: str | None
    returned_at: datetime
    returned_by: str
    device_id: str | None = None
    """The registered device that the goods were taken back with."""
    status: ReturnStatus = ReturnStatus.DRAFT
    version: int = 1
    audited_at: datetime | None = None
    audited_by: str | None = None
    posted_at: datetime | None = None
    posted_by: str | None = None
    booked_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    refund: Decimal | None = None
    """What the customer gets back, once posted."""
    exchange_order_id: UUID | None = None
    """The order that gives other goods for these."""
    reversed_at: datetime | None = None
    reversed_by: UUID | None = None
    """The document that took it back."""
    reversed_by_number: str | None = None
    lines: list[ReturnLine] = field(default_factory=list)

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the return is as the caller saw it; None means the caller doesn't mind."""
        if versions is not None and self.version not in versions:
            raise ReturnChanged(**self._where, version=self.version)

    def audit(self, by: str, at: datetime) -> None:
        """Let the return be posted."""
        if self.status is not ReturnStatus.DRAFT:
            raise ReturnNotDraft(**self._where)
        if self.cause in UNSEEN and by == self.returned_by:
            raise ReversalNeedsAnother(number=self.number, returned_by=self.returned_by)
        self.audited_by, self.audited_at = by, at
        self._go_to(ReturnStatus.AUDITED)

    def post(self, shipped: Mapping[int, ShippedLine], by: str, at: datetime) -> Decimal:
        """Decide that the goods are back; return what the customer gets for them."""
        self._must_be_open()
        if self.status is not ReturnStatus.AUDITED:
            raise ReturnNotAudited(**self._where)
        for line in self.lines:
            left = shipped[line.shipment_line_no]
            line.returned_before, line.amount = left.returned, left.refund(line.quantity)
        refund = sum((line.amount or ZERO for line in self.lines), ZERO)
        self.posted_by, self.posted_at, self.refund = by, at, refund
        self._go_to(ReturnStatus.POSTING)
        if self.cause is ReturnCause.LOST:
            # There is nothing for inventory to book.
            self.book(at)
        return refund

    def completes(self, shipped: Mapping[int, ShippedLine]) -> bool:
        """Tell whether all of the shipment is back with this return and those posted before."""
        here = {line.shipment_line_no: line.quantity for line in self.lines}
        return all(
            line.returned + here.get(line.line_no, ZERO) == line.quantity
            for line in shipped.values()
        )

    def book(self, at: datetime) -> None:
        """Note that inventory has the goods in its ledger; hearing it twice changes nothing."""
        if self.status in (ReturnStatus.POSTED, ReturnStatus.REVERSED):
            return
        if self.status is not ReturnStatus.POSTING:
            raise ReturnNotAudited(**self._where)
        self.booked_at = at
        self._go_to(ReturnStatus.POSTED)

    def cancel(self, by: str, at: datetime) -> None:
        """Give up a return that was not posted; one that is cancelled stays so."""
        self._must_be_open()
        if self.status is not ReturnStatus.CANCELLED:
            self.cancelled_by, self.cancelled_at = by, at
            self._go_to(ReturnStatus.CANCELLED)

    def exchange(self, order_id: UUID) -> None:
        """Name the order that gives other goods for these."""
        if self.status in VOID or self.cause.never_reached_customer:
            raise ReturnNotExchangeable(**self._where)
        if self.exchange_order_id != order_id:
            self.exchange_order_id = order_id
            self.version += 1

    def must_be_reversible(self) -> None:
        """Raise unless it is posted, stands, and is no reversal itself."""
        if self.status is ReturnStatus.REVERSED:
            raise ReturnAlreadyReversed(**self._where, reversed_by_number=self.reversed_by_number)
        if self.status is not ReturnStatus.POSTED:
            raise ReturnNotReversible(**self._where)
        if self.cause is ReturnCause.REVERSAL:
            raise ReversalNotReversible(**self._where)

    def be_reversed(self, by: UUID, number: str, at: datetime) -> None:
        """Count no longer: another document has taken it back."""
        self.must_be_reversible()
        self.reversed_by, self.reversed_by_number, self.reversed_at = by, number, at
        self._go_to(ReturnStatus.REVERSED)

    def _must_be_open(self) -> None:
        if self.status in DECIDED or self.status is ReturnStatus.REVERSED:
            raise ReturnAlreadyPosted(
                number=self.number, posted_by=self.posted_by, posted_at=self.posted_at
            )

    @property
    def _where(self) -> dict[str, object]:
        return {"number": self.number, "return_status": self.status.value}

    def _go_to(self, status: ReturnStatus) -> None:
        self.status = status
        self.version += 1
