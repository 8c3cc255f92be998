"""Looks up what many commands at once name: what there is not is left out, nothing is raised."""

from collections.abc import Collection
from dataclasses import fields
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import Item, Tracking
from inventory.catalog.store.sites import Place
from inventory.catalog.tables import item
from inventory.driver import fetch
from servicekit.columns import Values, statement

ITEMS_KEPT = 50_000

_ITEMS = select(*(item.c[one.name] for one in fields(Item))).where(
    item.c.item_id == any_(bindparam("items", type_=Values(Text)))
)
_WAREHOUSES = statement(
    """
    select site_id, warehouse_id from unnest(:sites, :warehouses) as asked (site, place)
    join warehouse on site_id = site and warehouse_id = place
    """,
    sites=Text,
    warehouses=Text,
)


async def find_items(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Item]:
    """Return items to be read, never to be changed, by id."""
    rows = await fetch(session, _ITEMS, {"items": sorted(set(item_ids))})
    return {row["item_id"]: _item(*row) for row in rows}


@lru_cache(maxsize=ITEMS_KEPT)
def _item(*values: Any) -> Item:
    """Return the item of a row. It costs more than to read the row, so equal rows share one."""
    read = Item(*values)
    read.tracking = Tracking(read.tracking)
    return read


async def find_warehouses(session: AsyncSession, places: Collection[Place]) -> set[Place]:
    """Return those of the places that there are."""
    asked = sorted(places)
    given = {"sites": [site for site, _ in asked], "warehouses": [one for _, one in asked]}
    rows = await fetch(session, _WAREHOUSES, given)
    return {(row["site_id"], row["warehouse_id"]) for row in rows}
