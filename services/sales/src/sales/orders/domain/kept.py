"""What becomes of an order whose goods are kept for good: it is settled, and closes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sales.orders.domain.holding import Holding
from sales.orders.domain.states import OrderStatus


@dataclass(eq=False, kw_only=True)
class Kept(Holding):
    """An order as far as it is paid, or owed."""

    payment_id: UUID | None = None
    """The command that pays; a repeat of it goes on where it stopped."""
    on_credit: bool = False
    """It is to be paid later: until then it is kept for good, and ships, as if it were paid."""
    closed_at: datetime | None = None
    """When all of it was signed for, or back, and paid."""

    @property
    def is_kept(self) -> bool:
        """Tell whether its goods are, or are being, kept for good."""
        return self.payment_id is not None

    def settle(self, at: datetime) -> bool:
        """What was on credit, and is kept for good, is paid; return whether that is news."""
        kept = self.status in (OrderStatus.PAID, OrderStatus.SHIPPED)
        if not self.on_credit or self.paid_at is not None or not kept:
            return False
        self.paid_at = at
        return True

    def close(self, at: datetime) -> bool:
        """All has left, was signed for or is back, and is paid; return whether that is news."""
        settled = self.paid_at is not None
        if self.closed_at is not None or not settled or self.status is not OrderStatus.SHIPPED:
            return False
        self.closed_at = at
        return True

    def reopen(self, *, owed: bool) -> bool:
        """Goods did not come back after all, or it is owed again; return whether it was closed."""
        if owed:
            self.paid_at = None
        was_closed, self.closed_at = self.closed_at is not None, None
        return was_closed

    def _keep_for_good(self, at: datetime) -> None:
        if not self.on_credit:
            super()._keep_for_good(at)
