"""Choose from which warehouses goods could come: what may ship is known here, stock elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sales.inventory_client import GoodsWanted, LineWanted, PlaceAsked, Refused, inventory_of
from sales.sourcing import store
from sales.sourcing.domain.planning import Choice
from sales.sourcing.domain.sources import Need, Part, Place
from servicekit.context import Context

SOURCES_MAX = 50
"""The first so many warehouses are asked about; inventory's question takes no more."""


@dataclass(frozen=True, kw_only=True)
class LineAsked:
    """What is asked for by a line."""

    item_id: str
    unit: str
    quantity: Decimal
    batch_id: str = ""


async def choose_sources(
    context: Context, own: Place, lines: Sequence[LineAsked]
) -> Choice | Refused:
    """Return what is to be chosen from, as inventory knows it just now, or why it refuses."""
    async with context.database.transaction() as session:
        sources = await store.sources_of(session, own, SOURCES_MAX)
    found = await inventory_of(context).look_for_sources(
        GoodsWanted(
            site_id=own[0],
            warehouse_id=own[1],
            lines=[LineWanted(**vars(line)) for line in lines],
            places=[
                PlaceAsked(site_id=one.site_id, warehouse_id=one.warehouse_id) for one in sources
            ],
        )
    )
    if isinstance(found, Refused):
        return found
    stock: dict[Place, dict[tuple[str, str], Decimal]] = {}
    for one in found.stock:
        there = stock.setdefault((one.site_id, one.warehouse_id), {})
        there[one.item_id, one.batch_id] = one.available
    asked = zip(lines, found.lines, strict=True)
    needs = [
        Need(
            line_no=line.line_no,
            quantity=wanted.quantity,
            step=line.step,
            parts=tuple(Part((one.item_id, one.batch_id), one.quantity) for one in line.parts),
        )
        for wanted, line in asked
    ]
    return Choice(needs, sources, stock)


def considered(choice: Choice) -> list[dict[str, Any]]:
    """Say of each warehouse that was considered, in order, how far it is and what it has."""
    return [
        {
            "site_id": source.site_id,
            "warehouse_id": source.warehouse_id,
            "own": source.is_own,
            "preference": source.preference,
            "distance_m": source.distance_m,
            "has": [
                {"line_no": line_no, "quantity": f"{much.normalize():f}"}
                for line_no, much in choice.has(source).items()
            ],
        }
        for source in choice.sources
    ]
