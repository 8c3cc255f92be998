"""Loads kits: what the version that counts is made of."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import Kit, KitComponent, NotKit
from inventory.catalog.store.items import load_items, one_of
from inventory.catalog.tables import item, kit_component, kit_version


async def load_kits(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Kit]:
    """Return those of the items that are kits, as they are made now."""
    table = kit_component.c
    counts = and_(table.item_id == item.c.item_id, table.version == item.c.kit_version)
    rows = await session.execute(
        select(kit_component)
        .join(item, counts)
        .where(one_of(item_ids))
        .order_by(table.item_id, table.component_id)
    )
    versions, components = dict[str, int](), dict[str, list[KitComponent]]()
    for row in rows:
        versions[row.item_id] = row.version
        made_of = components.setdefault(row.item_id, [])
        made_of.append(KitComponent(row.component_id, row.quantity))
    return {
        item_id: Kit(item_id, version, tuple(components[item_id]))
        for item_id, version in versions.items()
    }


async def load_kit(session: AsyncSession, item_id: str) -> Kit:
    """Return a kit as it is made now, or raise `NotKit` (`UnknownItem` where there is no item)."""
    if kit := (await load_kits(session, [item_id])).get(item_id):
        return kit
    await load_items(session, [item_id])
    raise NotKit(item_id=item_id)


async def add_kit(session: AsyncSession, kit: Kit, defined_by: str, at: datetime) -> None:
    """Keep a version of a kit."""
    version = {"item_id": kit.item_id, "version": kit.version}
    await session.execute(
        insert(kit_version), version | {"defined_by": defined_by, "defined_at": at}
    )
    rows = [
        version | {"component_id": one.item_id, "quantity": one.quantity} for one in kit.components
    ]
    await session.execute(insert(kit_component), rows)
