"""Loads items; rows are created unless they are there, then locked in order of ids."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ARRAY, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from inventory.catalog.domain import Item, UnknownItem
from inventory.catalog.tables import item


async def add_items(session: AsyncSession, given: Iterable[Item]) -> set[str]:
    """Add the items that are not there yet; return the ids of those."""
    rows = [
        {
            column.name: getattr(one, column.name)
            for column in item.columns
            if column is not item.c.defined_at
        }
        for one in sorted(given, key=lambda one: one.item_id)
    ]
    added = insert(item).on_conflict_do_nothing().returning(item.c.item_id)
    return set((await session.scalars(added, rows)).all()) if rows else set()


async def load_items(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Item]:
    """Return items by id, or raise `UnknownItem` for the first that is none."""
    wanted = select(Item).where(one_of(item_ids))
    return _complete((await session.scalars(wanted)).all(), item_ids)


async def lock_items(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Item]:
    """Return items by id, locked, or raise `UnknownItem` for the first that is none."""
    return _complete(list((await lock_known_items(session, item_ids)).values()), item_ids)


async def lock_known_items(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Item]:
    """Return those of the items that there are, locked."""
    wanted = (
        select(Item)
        .where(one_of(item_ids))
        .order_by(item.c.item_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {one.item_id: one for one in await session.scalars(wanted)}


async def find_gtins(session: AsyncSession, gtins: Collection[str]) -> dict[str, str]:
    """Return which items have these GTINs."""
    held = item.c.gtin == any_(literal(sorted(set(gtins)), ARRAY(Text)))
    rows = await session.execute(select(item.c.gtin, item.c.item_id).where(held))
    return {row.gtin: row.item_id for row in rows}


async def take_into_use(
    session: AsyncSession, item_ids: Collection[str], held: Collection[str] = ()
) -> dict[str, Item]:
    """Return items that are going to be counted; how they are counted can't change from now on.

    A kit can't be: it is never on a shelf. Only the first movement of an item takes its lock: what
    is in use stays as it is. Those `held` are locked besides, and described as they are until
    the movement is booked.
    """
    items = await load_items(session, item_ids)
    wanted = {one.item_id for one in items.values() if not one.in_use} | set(held)
    if wanted:
        for one in (await lock_items(session, wanted)).values():
            one.in_use = True
    for one in items.values():
        one.must_be_stocked()
    return items


def one_of(item_ids: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that an item is one of these, as one parameter however many."""
    return item.c.item_id == any_(literal(sorted(set(item_ids)), ARRAY(Text)))


def _complete(found: Sequence[Item], item_ids: Collection[str]) -> dict[str, Item]:
    items = {one.item_id: one for one in found}
    for item_id in sorted(set(item_ids) - items.keys()):
        raise UnknownItem(item_id=item_id)
    return items
