"""Who holds goods: the orders that hold most are named, and of all others it is said how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from inventory.catalog.domain import plain
from inventory.stock.domain import ZERO


@dataclass(frozen=True)
class Holder:
    """An order that holds some of an item."""

    order_id: UUID
    quantity: Decimal


@dataclass(frozen=True)
class Holders:
    """The orders that hold goods of a place."""

    named: Sequence[Holder] = ()
    """Those that hold most, the first of them most of all."""
    orders: int = 0
    """How many there are, named or not."""
    quantity: Decimal = ZERO
    """What all of them hold."""

    @property
    def told(self) -> dict[str, object]:
        """Return what a refusal says of them: with those not named it comes to what is held."""
        named = sum((one.quantity for one in self.named), ZERO)
        return {
            "allocated_by": [
                {"order_id": one.order_id, "quantity": plain(one.quantity)} for one in self.named
            ],
            "allocated_by_others": {
                "orders": self.orders - len(self.named),
                "quantity": plain(self.quantity - named),
            },
        }
