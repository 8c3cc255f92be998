"""What is short of lines whose batches inventory proposed, told of the lines as they were ordered.

Inventory counts the lines it was asked for, and those stand by batch and in another order.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sales.orders.domain.lines import OrderLine
from sales.orders.domain.naming import Named
from sales.orders.domain.order import SalesOrder


def told_as_ordered(
    order: SalesOrder,
    lines: Sequence[OrderLine],
    named: Named,
    shortages: Iterable[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return what inventory says is short, and what no batch covers, by the lines' places.

    Components of kits have numbers behind those of all lines, and keep them.
    """
    places, told = _places(lines, named), []
    for one in shortages:
        numbers = {
            name: places.get(one[name], one[name])
            for name in ("line_no", "kit_line_no")
            if one.get(name) is not None
        }
        told.append({**one, **numbers})
    by_number = {line.line_no: (place, line) for place, line in enumerate(lines, start=1)}
    for part in named.lines[named.asked :]:
        place, line = by_number[named.of[part.line_no]]
        told.append(_uncovered(order, place, line, part.quantity))
    return told


def _places(lines: Sequence[OrderLine], named: Named) -> dict[int, int]:
    """Return by its place among those asked for the place of the line that each is of, from 1."""
    places = {line.line_no: place for place, line in enumerate(lines, start=1)}
    asked = enumerate(named.lines[: named.asked], start=1)
    return {place: places[named.of[line.line_no]] for place, line in asked}


def _uncovered(order: SalesOrder, place: int, line: OrderLine, missing: Decimal) -> dict[str, Any]:
    return {
        "line_no": place,
        "item_id": line.item_id,
        "warehouse_id": order.warehouse_id,
        "batch_id": "",
        "kit_item_id": None,
        "requested": _plain(line.quantity),
        "short": _plain(missing),
        "available": _plain(line.quantity - missing),
    }


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
