"""Tell the world how items are described now."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ItemDefined
from inventory.catalog.domain import Item
from servicekit import outbox


async def announce_items(session: AsyncSession, items: Iterable[Item]) -> None:
    """Add each item's whole description to the outbox, in order of ids."""
    ordered = sorted(items, key=lambda one: one.item_id)
    await outbox.add(session, [_fact(one) for one in ordered])


def _fact(item: Item) -> ItemDefined:
    return ItemDefined(
        item_id=item.item_id,
        name=item.name,
        base_unit=item.base_unit,
        scale=item.scale,
        category=item.category,
        tracking=item.tracking.value,
        for_sale=item.for_sale,
        disabled=item.disabled,
        shelf_life_days=item.shelf_life_days,
        kit=item.is_kit,
    )
