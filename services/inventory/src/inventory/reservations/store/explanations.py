"""What explains a shortage: who holds the goods, and who else has some."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import TextClause

from inventory.stock.domain import Place

NAMED_AT_MOST = 20
"""Holders and other places a refusal names for each item."""


@dataclass(frozen=True)
class Holder:
    """An order that holds some of an item."""

    order_id: UUID
    quantity: Decimal


@dataclass(frozen=True)
class OtherPlace:
    """A place that has some of an item available."""

    site_id: str
    warehouse_id: str
    available: Decimal


def _by_place(statement: str) -> TextClause:
    names = ("sites", "items", "warehouses", "batches")
    return text(statement).bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in names))


_HOLDERS = _by_place("""
    select site, item, warehouse, batch, order_id, quantity
    from unnest(:sites, :items, :warehouses, :batches) as asked (site, item, warehouse, batch)
    cross join lateral (
        select order_id, sum(outstanding) as quantity
        from reservation_line as line join reservation using (site_id, reservation_id)
        where site_id = site and item_id = item and line.warehouse_id = warehouse
            and batch_id = batch and outstanding > 0
        group by order_id order by quantity desc, order_id limit :most
    ) as holder
    order by site, item, warehouse, batch, quantity desc, order_id
""")

# From the warehouses to their balances: an item is looked up by the whole key everywhere, which
# needs no index by item.
_ELSEWHERE = _by_place("""
    select site, item, warehouse, batch, site_id, warehouse_id, available
    from unnest(:sites, :items, :warehouses, :batches) as asked (site, item, warehouse, batch)
    cross join lateral (
        select site_id, warehouse_id, available, row_number() over (
            partition by site_id = site order by available desc, site_id, warehouse_id) as rank
        from (
            select site_id, warehouse_id, sum(
                on_hand - allocated - in_inspection - frozen) as available
            from warehouse join stock_balance using (site_id, warehouse_id)
            where item_id = item and (site_id, warehouse_id) <> (site, warehouse)
            group by site_id, warehouse_id
        ) as place
        where available > 0
    ) as other
    where rank <= :most order by site, item, warehouse, batch, rank, site_id
""")


async def holders(session: AsyncSession, places: Collection[Place]) -> dict[Place, list[Holder]]:
    """Return the orders that hold most of the goods at each place."""
    found: dict[Place, list[Holder]] = {place: [] for place in places}
    for row in await session.execute(_HOLDERS, _asked(places)):
        place = Place(row.site, row.item, row.warehouse, row.batch)
        found[place].append(Holder(row.order_id, row.quantity))
    return found


async def elsewhere(
    session: AsyncSession, places: Collection[Place]
) -> dict[Place, list[OtherPlace]]:
    """Return the other warehouses that have most of a place's item: in the site, and elsewhere."""
    found: dict[Place, list[OtherPlace]] = {place: [] for place in places}
    for row in await session.execute(_ELSEWHERE, _asked(places)):
        place = Place(row.site, row.item, row.warehouse, row.batch)
        found[place].append(OtherPlace(row.site_id, row.warehouse_id, row.available))
    return found


def _asked(places: Collection[Place]) -> dict[str, object]:
    return {
        "sites": [place.site_id for place in places],
        "items": [place.item_id for place in places],
        "warehouses": [place.warehouse_id for place in places],
        "batches": [place.batch_id for place in places],
        "most": NAMED_AT_MOST,
    }
