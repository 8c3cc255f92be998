"""Disable items that nobody orders any more: never deleted, they come back by one action."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.catalog.domain import Item, UnknownItem
from inventory.catalog.use_cases.announce_items import announce_items
from inventory.stock import store
from inventory.stock.domain import ItemHasStock
from sheets.imports import ImportReport, Outcome


async def disable_items(session: AsyncSession, item_ids: Sequence[str]) -> ImportReport:
    """Disable the items, numbered from 1, except those that are in stock anywhere."""
    report, disabled = ImportReport(), list[Item]()
    items = await catalog.lock_known_items(session, item_ids)
    stocked = await store.find_stock(session, item_ids)
    for line, item_id in enumerate(item_ids, start=1):
        item = items.get(item_id)
        if item is None:
            report.refused[line] = UnknownItem(item_id=item_id)
        elif item.disabled:
            report.count(Outcome.UNCHANGED)
        elif place := stocked.get(item_id):
            report.refused[line] = ItemHasStock(
                item_id=item_id, site_id=place.site_id, warehouse_id=place.warehouse_id
            )
        else:
            item.disabled = True
            disabled.append(item)
            report.count(Outcome.CHANGED)
    await announce_items(session, disabled)
    return report


async def enable_item(session: AsyncSession, item_id: str) -> Item:
    """Let an item be ordered and sold again."""
    item = (await catalog.lock_items(session, [item_id]))[item_id]
    if item.disabled:
        item.disabled = False
        await announce_items(session, [item])
    return item
