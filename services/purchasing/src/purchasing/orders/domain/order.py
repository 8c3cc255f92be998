"""Purchase orders: what may still arrive against each line, and what has arrived."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from purchasing.orders.domain.figures import excess, still_arriving
from purchasing.orders.domain.lines import OrderLine, plain
from purchasing.orders.domain.refusals import (
    ApproverIsAuthor,
    OrderChanged,
    OrderNotPlaced,
    OrderStepRefused,
    OverReceipt,
    UnknownOrderLine,
)
from purchasing.orders.domain.states import AT_HOME, WITH_SUPPLIER, Change, OrderStatus


@dataclass(eq=False, kw_only=True)
class PurchaseOrder:
    """An order with its lines; `version` counts its steps and the changes of what was agreed."""

    order_id: UUID
    number: str
    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: str
    due_date: date
    author: str
    placed_at: datetime | None = None
    placed_by: str | None = None
    status: OrderStatus = OrderStatus.DRAFT
    version: int = 1
    approved_by: str | None = None
    lines: list[OrderLine] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """What the order costs, in its currency."""
        return sum((line.amount for line in self.lines), Decimal(0))

    def must_be_at(self, versions: Collection[int] | None) -> None:
        """Raise unless the order is as the caller saw it; None means the caller doesn't mind."""
        if versions is not None and self.version not in versions:
            raise OrderChanged(
                number=self.number, order_status=self.status.value, version=self.version
            )

    def submit(self) -> Change:
        """Ask for approval."""
        self._must_stand({OrderStatus.DRAFT}, "submitted")
        return self._go_to(OrderStatus.SUBMITTED)

    def approve(self, by: str) -> Change:
        """Let the order be placed; never by whoever drafted it."""
        self._must_stand({OrderStatus.SUBMITTED}, "approved")
        if by == self.author:
            raise ApproverIsAuthor(number=self.number, author=self.author)
        self.approved_by = by
        return self._go_to(OrderStatus.APPROVED)

    def send_back(self) -> Change:
        """Return the order to its author."""
        self._must_stand({OrderStatus.SUBMITTED, OrderStatus.APPROVED}, "sent back")
        self.approved_by = None
        return self._go_to(OrderStatus.DRAFT)

    def place(self, by: str, at: datetime) -> Change:
        """Order from the supplier."""
        self._must_stand({OrderStatus.DRAFT, OrderStatus.APPROVED}, "placed")
        self.placed_by, self.placed_at = by, at
        return self._go_to(OrderStatus.PLACED)

    def close(self) -> Change:
        """Expect no more; what has come stays."""
        self._must_stand(WITH_SUPPLIER, "closed")
        for line in self.lines:
            if line.arriving:
                advice = "Post or cancel those receipts first."
                raise still_arriving(self.number, line, "closed", advice)
        return self._go_to(OrderStatus.CLOSED)

    def cancel(self) -> Change:
        """Give up an order of which nothing has come."""
        self._must_stand(AT_HOME | {OrderStatus.PLACED}, "cancelled")
        for line in self.lines:
            if line.arriving or line.received:
                advice = "Close the order instead, or cancel the rest of its lines."
                raise still_arriving(self.number, line, "cancelled", advice)
        return self._go_to(OrderStatus.CANCELLED)

    def must_be_changeable(self) -> None:
        """Raise unless what was agreed may still change."""
        self._must_stand(AT_HOME | WITH_SUPPLIER, "changed")

    def settle(self) -> None:
        """Be received when nothing is open any more, and placed when something is again."""
        if self.status in WITH_SUPPLIER:
            open_still = any(line.open for line in self.lines)
            self.status = OrderStatus.PLACED if open_still else OrderStatus.RECEIVED

    def line(self, order_line_no: int, line_no: int) -> OrderLine:
        """Return a line of the order, which line `line_no` of another document names."""
        if 1 <= order_line_no <= len(self.lines):
            return self.lines[order_line_no - 1]
        raise UnknownOrderLine(
            line_no=line_no,
            number=self.number,
            order_line_no=order_line_no,
            lines=len(self.lines),
        )

    def brings(self) -> dict[int, Decimal]:
        """Return how much each line brings or has brought, in base units."""
        if self.status is OrderStatus.CANCELLED:
            return {line.line_no: Decimal(0) for line in self.lines}
        ended = self.status is OrderStatus.CLOSED
        return {line.line_no: line.received if ended else line.wanted for line in self.lines}

    def late(self, today: date, days: int) -> list[OrderLine]:
        """Return the lines of which something was due so many days ago or before, and is owed."""
        if self.status is not OrderStatus.PLACED:
            return []
        last_day = today - timedelta(days=days)
        return [line for line in self.lines if line.received < line.due_by(last_day, self.due_date)]

    def must_be_with_supplier(self) -> None:
        """Raise unless goods may arrive for the order."""
        if self.status not in WITH_SUPPLIER:
            raise OrderNotPlaced(number=self.number, order_status=self.status.value)

    def expect(self, arrivals: Mapping[int, Decimal], over_receipt_percent: Decimal) -> None:
        """Let goods arrive, unless that makes more than the order and the tolerance allow.

        What waits on other receipts counts too: two clerks can't each take the last pallet.
        """
        self.must_be_with_supplier()
        excesses = []
        for line in self._lines_of(arrivals):
            most = line.most(over_receipt_percent)
            if line.received + line.arriving + arrivals[line.line_no] > most:
                excesses.append(excess(line, arrivals[line.line_no], most))
        if excesses:
            raise OverReceipt(
                number=self.number,
                order_id=self.order_id,
                over_receipt_percent=plain(over_receipt_percent),
                lines=excesses,
                **excesses[0],
            )
        for line in self._lines_of(arrivals):
            line.arriving += arrivals[line.line_no]

    def receive(self, arrivals: Mapping[int, Decimal]) -> None:
        """Count what was expected as received; the order is done when nothing is open."""
        for line in self._lines_of(arrivals):
            line.arriving -= arrivals[line.line_no]
            line.received += arrivals[line.line_no]
        self.settle()

    def take_back(self, returned: Mapping[int, Decimal]) -> None:
        """Let what went back to the supplier be owed again; a closed order stays closed."""
        for line in self._lines_of(returned):
            line.received -= returned[line.line_no]
        self.settle()

    def keep(self, kept: Mapping[int, Decimal]) -> None:
        """Count what did not go back after all as received; a closed order stays closed."""
        for line in self._lines_of(kept):
            line.received += kept[line.line_no]
        self.settle()

    def expect_no_more(self, arrivals: Mapping[int, Decimal]) -> None:
        """Forget goods that were expected and will not be posted."""
        for line in self._lines_of(arrivals):
            line.arriving -= arrivals[line.line_no]

    def _lines_of(self, arrivals: Mapping[int, Decimal]) -> list[OrderLine]:
        return [line for line in self.lines if line.line_no in arrivals]

    def _must_stand(self, needed: Collection[OrderStatus], step: str) -> None:
        if self.status not in needed:
            raise OrderStepRefused(
                number=self.number,
                order_status=self.status.value,
                step=step,
                needed=", ".join(sorted(one.value for one in needed)),
            )

    def _go_to(self, status: OrderStatus) -> Change:
        change = Change(None, "status", self.status.value, status.value)
        self.status = status
        self.version += 1
        return change
