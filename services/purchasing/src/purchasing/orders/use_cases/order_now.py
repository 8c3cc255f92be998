"""Say to what is asked for what an order brings."""

from purchasing.demand.use_cases.follow_order import OrderNow
from purchasing.orders.domain import PurchaseOrder


def order_now(order: PurchaseOrder, by: str) -> OrderNow:
    """Return what each line of the order brings after somebody changed it."""
    return OrderNow(order_id=order.order_id, number=order.number, brings=order.brings(), by=by)
