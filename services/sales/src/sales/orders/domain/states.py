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
    BACKORDERED = "backordered"
    """It waits for goods that are not there, without a reservation."""
    CHANGING = "changing"
    """Inventory is asked to hold other goods instead; until it has, those before are held."""


class Shortage(StrEnum):
    """What the customer wants where goods are short."""

    REFUSE = "refuse"
    """All of it or nothing."""
    BACKORDER = "backorder"
    """What is there now, and the rest in one go as soon as all of it is there."""
    BACKORDER_IN_PARTS = "backorder_in_parts"
    """What is there now, and of the rest each time what there is."""


class Step(StrEnum):
    """What an order needs of inventory."""

    RESERVE = "reserve"
    CONFIRM = "confirm"
    RELEASE = "release"
    RELEASE_REST = "release_rest"
    EXCHANGE = "exchange"


ASKS = {
    OrderStatus.PLACED: Step.RESERVE,
    OrderStatus.PAYING: Step.CONFIRM,
    OrderStatus.CHANGING: Step.EXCHANGE,
}
"""What is always asked for in a state."""

CANCELLABLE = frozenset(
    {OrderStatus.PLACED, OrderStatus.RESERVED, OrderStatus.PAID, OrderStatus.BACKORDERED}
)
CHANGEABLE = frozenset({OrderStatus.RESERVED, OrderStatus.PAID, OrderStatus.BACKORDERED})
UNPAID = frozenset({OrderStatus.PLACED, OrderStatus.RESERVED, OrderStatus.CHANGING})
"""Its goods may be held for a time; what is paid may be changing too, but doesn't expire."""
ENDED = frozenset({OrderStatus.REFUSED, OrderStatus.EXPIRED, OrderStatus.CANCELLED})
"""It came to nothing."""
HOLDING = frozenset(
    {OrderStatus.RESERVED, OrderStatus.CHANGING, OrderStatus.PAYING, OrderStatus.PAID}
)
"""Inventory holds goods for it, and some of them have not left."""
MAY_HOLD = CANCELLABLE | HOLDING
"""Inventory holds goods for it, or may without its knowing."""
GONE = frozenset({"unknown_reservation", "reservation_released"})
RELEASED_BY_OTHERS = "reservation_released"
BATCH_MISSING = "batch_missing"
SHORT = frozenset(
    {
        "insufficient_stock",
        "unknown_serial",
        "serial_not_there",
        "serial_held",
        "unknown_batch",
        BATCH_MISSING,
    }
)
"""What is not there now may come."""
