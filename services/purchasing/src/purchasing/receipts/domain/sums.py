"""Sums over what names the lines of an order."""

from collections.abc import Iterable, Mapping
from decimal import Decimal


def sum_by_order_line(pairs: Iterable[tuple[int, Decimal]]) -> Mapping[int, Decimal]:
    """Return the quantity for each line of an order, which a receipt may name more than once."""
    sums: dict[int, Decimal] = {}
    for order_line_no, quantity in pairs:
        sums[order_line_no] = sums.get(order_line_no, Decimal(0)) + quantity
    return sums
