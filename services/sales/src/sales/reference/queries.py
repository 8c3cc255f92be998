"""What is known here of inventory's reference data."""

from typing import Any

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.reference.domain import UnknownItem
from sales.reference.tables import items, sites, warehouses


async def item(session: AsyncSession, item_id: str) -> RowMapping:
    """Return the copy of an item, or raise."""
    rows = await session.execute(select(items).where(items.c.item_id == item_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownItem(item_id=item_id)
    return found


async def counts(session: AsyncSession) -> RowMapping:
    """Return how many copies of each kind there are."""
    numbers: list[Any] = [
        select(func.count()).select_from(table).scalar_subquery().label(name)
        for name, table in (("items", items), ("sites", sites), ("warehouses", warehouses))
    ]
    return (await session.execute(select(*numbers))).mappings().one()
