"""Lines of a requisition, and what covers them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

FINEST = 10**6
"""Into so many parts a unit can be written."""


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Which line of an order covers a line of a requisition; no order line covers two."""

    order_id: UUID
    order_line_no: int
    requisition_id: UUID
    line_no: int
    base_quantity: Decimal
    """How much of the order's line is wanted or has come, in base units."""


@dataclass(eq=False, kw_only=True)
class RequisitionLine:
    """What is asked for, and how much of it is ordered."""

    line_no: int
    item_id: str
    warehouse_id: str
    unit: str
    quantity: Decimal
    base_unit: str
    base_quantity: Decimal
    unit_version: int | None
    needed_by: date
    supplier_id: str | None = None
    """From whom the site would have it; the buyer decides."""
    unit_cost: Decimal | None = None
    """What that supplier agreed for one of the unit, in the currency of the books, if it did."""
    note: str | None = None
    ordered: Decimal = Decimal(0)
    """In base units, on orders that stand."""
    given_up: Decimal = Decimal(0)
    """What is not wanted any more, in base units."""

    @property
    def open(self) -> Decimal:
        """What is to be ordered still, in base units."""
        return max(self.base_quantity - self.given_up - self.ordered, Decimal(0))

    def rest(self) -> tuple[Decimal, str]:
        """Return what is open in the unit it was asked for, or else in the base unit."""
        exact = Fraction(self.open) * Fraction(self.quantity) / Fraction(self.base_quantity)
        steps = exact * FINEST
        if steps.denominator == 1:
            return Decimal(steps.numerator) / FINEST, self.unit
        return self.open, self.base_unit


def plain(quantity: Decimal) -> str:
    """Write a quantity without exponent and trailing zeros."""
    return format(quantity.normalize() if quantity else Decimal(0), "f")
