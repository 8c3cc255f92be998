"""Where a request can stand, and what it can need next."""

from enum import StrEnum

from sales.orders.domain.states import OrderStatus

ATTEMPTS_MAX = 3
"""So many plans are tried before a request is refused."""
FAILED = frozenset(
    {OrderStatus.REFUSED, OrderStatus.EXPIRED, OrderStatus.CANCELLED, OrderStatus.CANCELLING}
)
ENDED = frozenset(
    {OrderStatus.REFUSED, OrderStatus.EXPIRED, OrderStatus.CANCELLED, OrderStatus.SHIPPED}
)
PAID = frozenset({OrderStatus.PAID, OrderStatus.SHIPPED})


class RequestStatus(StrEnum):
    """Where a request stands."""

    PLACING = "placing"
    HELD = "held"
    REFUSED = "refused"
    PAYING = "paying"
    PAID = "paid"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


class Need(StrEnum):
    """What a request needs next."""

    PLAN = "plan"
    """Choose warehouses and place an order with each, or give up."""
    DRIVE = "drive"
    """Ask inventory what its orders wait for."""
    UNDO = "undo"
    """Cancel the orders that can still be: not all can be had."""
    PAY = "pay"
    """Pay the orders whose goods are held."""
    SETTLE = "settle"
    """Note what it has come to."""


WAITING = frozenset({RequestStatus.PLACING, RequestStatus.PAYING, RequestStatus.CANCELLING})
