"""The figures of a line that a refusal tells."""

from decimal import Decimal

from purchasing.orders.domain.lines import OrderLine, plain
from purchasing.orders.domain.refusals import StillArriving


def still_arriving(number: str, line: OrderLine, step: str, advice: str) -> StillArriving:
    """Return why a line keeps its order from a step."""
    return StillArriving(
        number=number,
        step=step,
        line_no=line.line_no,
        received=plain(line.received),
        arriving=plain(line.arriving),
        unit=line.base_unit,
        advice=advice,
    )


def excess(line: OrderLine, quantity: Decimal, most: Decimal) -> dict[str, str | int]:
    """Return the figures of a line for which too much would arrive."""
    left = max(most - line.received - line.arriving, Decimal(0))
    return {
        "order_line_no": line.line_no,
        "item_id": line.item_id,
        "unit": line.base_unit,
        "ordered": plain(line.base_quantity),
        "received": plain(line.received),
        "arriving": plain(line.arriving),
        "requested": plain(quantity),
        "most": plain(most),
        "allowed": plain(left),
    }
