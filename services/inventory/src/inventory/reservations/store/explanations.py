"""What explains a shortage: who holds the goods, and who else has some."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import TextClause

from inventory.reservations.domain.holders import Holder, Holders
from inventory.stock.domain import Balance, Place
from servicekit.columns import statement

NAMED_AT_MOST = 20
"""Holders and other places a refusal names for each item."""


@dataclass(frozen=True)
class OtherPlace:
    """A place that has some of an item available."""

    site_id: str
    warehouse_id: str
    available: Decimal


@dataclass(frozen=True)
class Coming:
    """Goods on their way to a site, to the warehouse that asks or to another one."""

    from_site_id: str
    from_warehouse_id: str
    to_warehouse_id: str
    quantity: Decimal
    expected_at: datetime | None


def _by_place(sql: str) -> TextClause:
    names = ("sites", "items", "warehouses", "batches")
    return statement(sql, dict.fromkeys(names, Text))


_HOLDERS = _by_place("""
    select site, item, warehouse, batch, order_id, quantity, orders, held
    from unnest(:sites, :items, :warehouses, :batches) as asked (site, item, warehouse, batch)
    cross join lateral (
        select order_id, sum(outstanding) as quantity,
            count(*) over () as orders, sum(sum(outstanding)) over () as held
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


_BALANCES = _by_place("""
    select site_id, item_id, warehouse_id, batch_id, on_hand, allocated, in_inspection, frozen
    from unnest(:sites, :items, :warehouses, :batches) as asked (site, item, warehouse, batch)
    join stock_balance
        on site_id = site and item_id = item and warehouse_id = warehouse and batch_id = batch
""")


async def read_balances(session: AsyncSession, places: Collection[Place]) -> dict[Place, Balance]:
    """Return the balances of the places as they are just now, without locking them."""
    rows = await session.execute(_BALANCES, _columns(places))
    return {Place(*row[:4]): Balance(*row[4:]) for row in rows}


_COMING = _by_place("""
    select site, item, warehouse, batch, from_site_id, from_warehouse_id, to_warehouse_id,
        outstanding, expected_at
    from unnest(:sites, :items, :warehouses, :batches) as asked (site, item, warehouse, batch)
    cross join lateral (
        select from_site_id, from_warehouse_id, to_warehouse_id, outstanding, expected_at
        from stock_in_transit
        where to_site_id = site and item_id = item and batch_id = batch and outstanding > 0
        order by expected_at, document_id, line_no limit :most
    ) as sent
    order by site, item, warehouse, batch, expected_at, from_site_id, from_warehouse_id
""")


_BATCHES = statement(
    """
    select item_id, batch_id from stock_balance
    where site_id = :site and warehouse_id = :warehouse and item_id = any(:items) and on_hand > 0
    union
    select item_id, batch_id from stock_in_transit
    where to_site_id = :site and item_id = any(:items) and outstanding > 0
    order by item_id, batch_id
    """,
    {"items": Text},
)


async def batches_about(
    session: AsyncSession, warehouse: tuple[str, str], items: Collection[str]
) -> dict[str, list[str]]:
    """Return by item the batches that lie in a site's warehouse, or come to the site."""
    found = dict[str, list[str]]()
    if not items:
        return found
    site_id, warehouse_id = warehouse
    given = {"site": site_id, "warehouse": warehouse_id, "items": sorted(items)}
    for row in await session.execute(_BATCHES, given):
        found.setdefault(row.item_id, []).append(row.batch_id)
    return found


async def coming(session: AsyncSession, places: Collection[Place]) -> dict[Place, list[Coming]]:
    """Return what is in transit to the site of each place, the first to arrive first."""
    found: dict[Place, list[Coming]] = {place: [] for place in places}
    for row in await session.execute(_COMING, _asked(places)):
        place = Place(row.site, row.item, row.warehouse, row.batch)
        found[place].append(Coming(*row[4:]))
    return found


async def holders(session: AsyncSession, places: Collection[Place]) -> dict[Place, Holders]:
    """Return by place the orders that hold most of its goods, and what all of them hold."""
    found = dict.fromkeys(places, Holders())
    for row in await session.execute(_HOLDERS, _asked(places)):
        place = Place(row.site, row.item, row.warehouse, row.batch)
        named = (*found[place].named, Holder(row.order_id, row.quantity))
        found[place] = Holders(named, row.orders, row.held)
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
    return {**_columns(places), "most": NAMED_AT_MOST}


def _columns(places: Collection[Place]) -> dict[str, list[str]]:
    return {
        "sites": [place.site_id for place in places],
        "items": [place.item_id for place in places],
        "warehouses": [place.warehouse_id for place in places],
        "batches": [place.batch_id for place in places],
    }
