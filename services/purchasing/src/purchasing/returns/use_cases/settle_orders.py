"""Do what follows for others from goods that orders lack again, or have after all.

Whoever holds an order may ask for its supplier, and then for requisitions, but never the other way
round. So a batch of bookings locks all its orders first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand.use_cases.follow_order import OrderNow, follow_order
from purchasing.orders.domain import PurchaseOrder
from purchasing.orders.use_cases.order_now import order_now
from purchasing.orders.use_cases.settle_overdue import settle_overdue


@dataclass(frozen=True)
class Moved:
    """An order, which is locked, and what it brought once a return or a reversal was booked."""

    order: PurchaseOrder
    now: OrderNow

    @classmethod
    def of(cls, order: PurchaseOrder, by: str) -> "Moved":
        """Keep what the order brings now."""
        return cls(order, order_now(order, by))


async def settle_orders(session: AsyncSession, moved: Sequence[Moved]) -> None:
    """Lift what is overdue no longer, and let requisitions follow, booking by booking."""
    orders = {one.order.order_id: one.order for one in moved}
    for order in sorted(orders.values(), key=lambda one: (one.supplier_id, one.order_id)):
        await settle_overdue(session, order)
    for one in moved:
        await follow_order(session, one.now)
