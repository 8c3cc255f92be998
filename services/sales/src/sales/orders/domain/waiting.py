"""What waits for inventory's word, and since when it is due to be asked again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sales.orders.domain.states import OrderStatus

FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 60


@dataclass(eq=False, kw_only=True)
class Waiting:
    """An order as far as it waits, or rests."""

    order_id: UUID
    number: str
    placed_at: datetime
    status: OrderStatus = field(init=False)
    attempts: int = field(init=False)
    """How often inventory was asked again for the present step."""
    due_at: datetime | None = field(init=False)
    """When to ask inventory again; None when nothing is waited for."""
    cause: str | None = None
    """Why the order ended without shipping: a stable code, or who cancelled."""
    wake_at: datetime | None = None
    """When a back order is tried again; None while it is being tried."""

    def __post_init__(self) -> None:
        """Let a new order wait for inventory's word."""
        self._wait(OrderStatus.PLACED, self.placed_at)

    def try_again(self, at: datetime) -> None:
        """Count an attempt, and wait twice as long for the next one."""
        self.attempts += 1
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(self.attempts, 10), LONGEST_WAIT_SECONDS)
        self.due_at = at + timedelta(seconds=wait)

    @property
    def _where(self) -> dict[str, object]:
        return {"number": self.number, "order_id": self.order_id, "status": self.status.value}

    def _wait(self, status: OrderStatus, at: datetime) -> None:
        self.status, self.attempts = status, 0
        self.due_at = at + timedelta(seconds=FIRST_WAIT_SECONDS)

    def _rest(self, status: OrderStatus) -> None:
        self.status, self.attempts, self.due_at = status, 0, None

    def _end(self, status: OrderStatus, cause: str) -> None:
        self._rest(status)
        self.cause, self.wake_at = cause, None
