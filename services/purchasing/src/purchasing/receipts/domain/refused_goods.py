"""Goods that were turned away at the door: they are on no books, and owed still."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class RefusalReason(StrEnum):
    """Why goods were not taken in."""

    DAMAGED = "damaged"
    WRONG_GOODS = "wrong_goods"
    SHORT_DATED = "short_dated"
    """They expire too soon, or are over."""
    SURPLUS = "surplus"
    """More came than was ordered."""
    OTHER = "other"


@dataclass(eq=False, kw_only=True)
class RefusedGoods:
    """What the driver took along again of a line of the order, in the unit it was counted in."""

    refusal_no: int
    order_line_no: int
    item_id: str
    unit: str
    quantity: Decimal
    reason: RefusalReason
    note: str | None = None
