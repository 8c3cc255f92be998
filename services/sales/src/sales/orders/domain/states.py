"""Where an order can stand, and what it can need of inventory."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    RESERVED = "reserved"
    REFUSED = "refused"
    PAYING = "paying"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"


class Step(StrEnum):
    """What an order needs of inventory."""

    RESERVE = "reserve"
    CONFIRM = "confirm"
    RELEASE = "release"


CANCELLABLE = frozenset({OrderStatus.PLACED, OrderStatus.RESERVED, OrderStatus.PAID})
UNPAID = frozenset({OrderStatus.PLACED, OrderStatus.RESERVED})
ENDED = frozenset({OrderStatus.REFUSED, OrderStatus.EXPIRED, OrderStatus.CANCELLED})
"""It came to nothing."""
HOLDING = frozenset({OrderStatus.RESERVED, OrderStatus.PAYING, OrderStatus.PAID})
"""Inventory holds goods for it, and some of them have not left."""
