"""Finds what is left of items anywhere: on shelves, in whatever status, and under way."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, CompoundSelect, Text, any_, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import PLACES_MAX, Remainder, Remains
from inventory.stock.tables import stock_balance, stock_in_transit


async def find_remains(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Remains]:
    """Return what is left of those items of which something is.

    One statement, so that what is sent meanwhile is seen where it was or where it goes.
    """
    left = _left(item_ids).subquery()
    item, *place = (column for column in left.c if column.name != "quantity")
    numbered = select(
        left,
        func.row_number().over(partition_by=item, order_by=place).label("no"),
        func.count().over(partition_by=item).label("places"),
    ).subquery()
    wanted = select(numbered).where(numbered.c.no <= PLACES_MAX)
    rows = await session.execute(wanted.order_by(numbered.c.item_id, numbered.c.no))
    first, places = dict[str, list[Remainder]](), dict[str, int]()
    for item_id, site, warehouse, to_site, to_warehouse, quantity, _, count in rows:
        places[item_id] = count
        found = Remainder(site, warehouse, to_site, to_warehouse, quantity)
        first.setdefault(item_id, []).append(found)
    return {item_id: Remains(found, places[item_id]) for item_id, found in first.items()}


def _left(item_ids: Collection[str]) -> CompoundSelect[Any]:
    """Return the query of what is left: where it lies, or from where it goes to where."""
    wanted = any_(literal(sorted(item_ids), ARRAY(Text)))
    lying, sent = stock_balance.c, stock_in_transit.c
    place = (lying.item_id, lying.site_id, lying.warehouse_id)
    nowhere = (null().cast(Text).label("to_site_id"), null().cast(Text).label("to_warehouse_id"))
    on_shelves = (
        select(*place, *nowhere, func.sum(lying.on_hand).label("quantity"))
        .where(lying.item_id == wanted, lying.on_hand > 0)
        .group_by(*place)
    )
    route = (
        sent.item_id,
        sent.from_site_id,
        sent.from_warehouse_id,
        sent.to_site_id,
        sent.to_warehouse_id,
    )
    under_way = (
        select(*route, func.sum(sent.outstanding))
        .where(sent.item_id == wanted, sent.outstanding > 0)
        .group_by(*route)
    )
    return union_all(on_shelves, under_way)
