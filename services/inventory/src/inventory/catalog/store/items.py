"""Loads of the catalog; rows are created unless they are there, then locked in order of ids."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import (
    Item,
    Site,
    UnknownItem,
    UnknownSite,
    UnknownWarehouse,
    Warehouse,
)
from inventory.catalog.tables import item, site, warehouse

NO_KEY = {"key_share": True}
"""Spells FOR NO KEY UPDATE, which lets foreign keys through."""


async def load_site(session: AsyncSession, site_id: str) -> Site:
    """Return a site, or raise `UnknownSite`."""
    found = await session.get(Site, site_id)
    if found is None:
        raise UnknownSite(site_id=site_id)
    return found


async def add_site(session: AsyncSession, given: Site) -> bool:
    """Add a site; return False if there is one of that id already."""
    row = {"site_id": given.site_id, "name": given.name, "time_zone": given.time_zone}
    added = insert(site).values(row).on_conflict_do_nothing().returning(site.c.site_id)
    return await session.scalar(added) is not None


async def lock_site(session: AsyncSession, site_id: str) -> Site:
    """Return a site that is there, locked."""
    return await session.get_one(Site, site_id, with_for_update=NO_KEY)


async def add_warehouse(session: AsyncSession, given: Warehouse) -> bool:
    """Add a warehouse; return False if the site has one of that id already."""
    row = {"site_id": given.site_id, "warehouse_id": given.warehouse_id, "name": given.name}
    added = insert(warehouse).values(row).on_conflict_do_nothing()
    return await session.scalar(added.returning(warehouse.c.site_id)) is not None


async def lock_warehouse(session: AsyncSession, site_id: str, warehouse_id: str) -> Warehouse:
    """Return a warehouse that is there, locked."""
    return await session.get_one(Warehouse, (site_id, warehouse_id), with_for_update=NO_KEY)


async def must_know_warehouses(session: AsyncSession, places: Collection[tuple[str, str]]) -> None:
    """Raise `UnknownWarehouse` (or `UnknownSite`) for the first pair that is none."""
    key = tuple_(warehouse.c.site_id, warehouse.c.warehouse_id)
    wanted = select(warehouse.c.site_id, warehouse.c.warehouse_id).where(key.in_(places))
    rows = await session.execute(wanted)
    known = {(row.site_id, row.warehouse_id) for row in rows}
    for site_id, warehouse_id in sorted(set(places) - known):
        await load_site(session, site_id)
        raise UnknownWarehouse(site_id=site_id, warehouse_id=warehouse_id)


async def add_items(session: AsyncSession, given: Iterable[Item]) -> set[str]:
    """Add the items that are not there yet; return the ids of those."""
    rows = [
        {
            "item_id": one.item_id,
            "name": one.name,
            "base_unit": one.base_unit,
            "scale": one.scale,
            "category": one.category,
            "in_use": False,
        }
        for one in sorted(given, key=lambda one: one.item_id)
    ]
    added = insert(item).on_conflict_do_nothing().returning(item.c.item_id)
    return set((await session.scalars(added, rows)).all()) if rows else set()


async def load_items(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Item]:
    """Return items by id, or raise `UnknownItem` for the first that is none."""
    wanted = select(Item).where(item.c.item_id.in_(set(item_ids)))
    return _complete((await session.scalars(wanted)).all(), item_ids)


async def lock_items(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Item]:
    """Return items by id, locked, or raise `UnknownItem` for the first that is none."""
    wanted = (
        select(Item)
        .where(item.c.item_id.in_(set(item_ids)))
        .order_by(item.c.item_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return _complete((await session.scalars(wanted)).all(), item_ids)


async def take_into_use(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Item]:
    """Return items that are going to be counted; how they are counted can't change from now on.

    Only the first movement of an item takes its lock: what is in use stays as it is.
    """
    items = await load_items(session, item_ids)
    unused = [one.item_id for one in items.values() if not one.in_use]
    if unused:
        for first in (await lock_items(session, unused)).values():
            first.in_use = True
    return items


def _complete(found: Sequence[Item], item_ids: Collection[str]) -> dict[str, Item]:
    items = {one.item_id: one for one in found}
    for item_id in sorted(set(item_ids) - items.keys()):
        raise UnknownItem(item_id=item_id)
    return items
