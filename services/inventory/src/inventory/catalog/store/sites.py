"""Loads sites and warehouses; rows are created unless they are there, then locked."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import Site, UnknownSite, UnknownWarehouse, Warehouse
from inventory.catalog.tables import site, warehouse

NO_KEY = {"key_share": True}
"""Spells FOR NO KEY UPDATE, which lets foreign keys through."""
Place = tuple[str, str]
"""Site and warehouse."""


async def load_site(session: AsyncSession, site_id: str) -> Site:
    """Return a site, or raise `UnknownSite`."""
    found = await find_site(session, site_id)
    if found is None:
        raise UnknownSite(site_id=site_id)
    return found


async def find_site(session: AsyncSession, site_id: str) -> Site | None:
    """Return a site, if there is one."""
    return await session.get(Site, site_id)


async def add_site(session: AsyncSession, given: Site) -> bool:
    """Add a site; return False if there is one of that id already."""
    row = {column.name: getattr(given, column.name) for column in site.columns}
    added = insert(site).values(row).on_conflict_do_nothing().returning(site.c.site_id)
    return await session.scalar(added) is not None


async def lock_site(session: AsyncSession, site_id: str) -> Site:
    """Return a site that is there, locked."""
    return await session.get_one(Site, site_id, with_for_update=NO_KEY)


async def add_warehouse(session: AsyncSession, given: Warehouse) -> bool:
    """Add a warehouse; return False if the site has one of that id already."""
    row = {column.name: getattr(given, column.name) for column in warehouse.columns}
    added = insert(warehouse).values(row).on_conflict_do_nothing()
    return await session.scalar(added.returning(warehouse.c.site_id)) is not None


async def lock_warehouse(session: AsyncSession, site_id: str, warehouse_id: str) -> Warehouse:
    """Return a warehouse that is there, locked."""
    return await session.get_one(Warehouse, (site_id, warehouse_id), with_for_update=NO_KEY)


async def must_know_warehouses(session: AsyncSession, places: Collection[Place]) -> None:
    """Raise `UnknownWarehouse` (or `UnknownSite`) for the first pair that is none."""
    key = tuple_(warehouse.c.site_id, warehouse.c.warehouse_id)
    wanted = select(warehouse.c.site_id, warehouse.c.warehouse_id).where(key.in_(places))
    rows = await session.execute(wanted)
    await _complete(session, places, {(row.site_id, row.warehouse_id) for row in rows})


async def warehouse_ids(session: AsyncSession, site_id: str) -> list[str]:
    """Return the ids of a site's warehouses, in order."""
    wanted = select(warehouse.c.warehouse_id).where(warehouse.c.site_id == site_id)
    return list(await session.scalars(wanted.order_by(warehouse.c.warehouse_id)))


async def load_warehouses(
    session: AsyncSession, places: Collection[Place]
) -> dict[Place, Warehouse]:
    """Return warehouses by site and id; raise for the first pair that is none."""
    key = tuple_(warehouse.c.site_id, warehouse.c.warehouse_id)
    found = await session.scalars(select(Warehouse).where(key.in_(places)))
    known = {(one.site_id, one.warehouse_id): one for one in found}
    await _complete(session, places, known.keys())
    return known


async def find_warehouse(session: AsyncSession, site_id: str, entry_code: str) -> Warehouse | None:
    """Return the site's warehouse at whose door this code is, if there is one."""
    wanted = select(Warehouse).where(
        warehouse.c.site_id == site_id,
        warehouse.c.entry_code == entry_code,
        warehouse.c.entry_code != "",
    )
    return (await session.scalars(wanted)).one_or_none()


async def _complete(
    session: AsyncSession, places: Collection[Place], known: AbstractSet[Place]
) -> None:
    for site_id, warehouse_id in sorted(set(places) - known):
        await load_site(session, site_id)
        raise UnknownWarehouse(site_id=site_id, warehouse_id=warehouse_id)
