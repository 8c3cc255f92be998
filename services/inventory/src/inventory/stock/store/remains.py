"""Finds what is left of items anywhere: on shelves, in whatever status, and under way."""

from collections.abc import Collection

from sqlalchemy import ARRAY, Text, any_, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import PLACES_MAX, Remainder, Remains
from inventory.stock.tables import stock_balance, stock_in_transit

PLACE = ("site_id", "warehouse_id", "to_site_id", "to_warehouse_id")


async def find_remains(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Remains]:
    """Return what is left of those items of which something is.

    One statement, so that what is sent meanwhile is seen where it was or where it goes.
    """
    wanted = any_(literal(sorted(item_ids), ARRAY(Text)))
    lying, sent = stock_balance.c, stock_in_transit.c
    on_shelves = (
        select(
            lying.item_id,
            lying.site_id,
            lying.warehouse_id,
            null().cast(Text).label("to_site_id"),
            null().cast(Text).label("to_warehouse_id"),
            func.sum(lying.on_hand).label("quantity"),
        )
        .where(lying.item_id == wanted, lying.on_hand > 0)
        .group_by(lying.item_id, lying.site_id, lying.warehouse_id)
    )
    route = (
        sent.from_site_id.label("site_id"),
        sent.from_warehouse_id.label("warehouse_id"),
        sent.to_site_id,
        sent.to_warehouse_id,
    )
    under_way = (
        select(sent.item_id, *route, func.sum(sent.outstanding).label("quantity"))
        .where(sent.item_id == wanted, sent.outstanding > 0)
        .group_by(sent.item_id, *(column.element for column in route[:2]), *route[2:])
    )
    left = union_all(on_shelves, under_way).subquery()
    of_item = {"partition_by": left.c.item_id}
    numbered = select(
        left,
        func.row_number().over(**of_item, order_by=[left.c[name] for name in PLACE]).label("no"),
        func.count().over(**of_item).label("places"),
    ).subquery()
    rows = await session.execute(
        select(numbered)
        .where(numbered.c.no <= PLACES_MAX)
        .order_by(numbered.c.item_id, numbered.c.no)
    )
    first, places = dict[str, list[Remainder]](), dict[str, int]()
    for row in rows:
        places[row.item_id] = row.places
        where = [getattr(row, name) for name in PLACE]
        first.setdefault(row.item_id, []).append(Remainder(*where, row.quantity))
    return {item_id: Remains(found, places[item_id]) for item_id, found in first.items()}
