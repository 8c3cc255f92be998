"""Lists of the catalog."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import item, site, warehouse

Rows = Sequence[Row[Any]]


async def sites(
    session: AsyncSession, covered: Collection[str] | None, after: str, limit: int
) -> Rows:
    """List sites by id, cut down to those a caller may see."""
    wanted = select(site).where(site.c.site_id > after).order_by(site.c.site_id).limit(limit)
    if covered is not None:
        wanted = wanted.where(site.c.site_id.in_(covered))
    return (await session.execute(wanted)).all()


async def warehouses(session: AsyncSession, site_id: str, after: str, limit: int) -> Rows:
    """List a site's warehouses by id."""
    wanted = (
        select(warehouse)
        .where(warehouse.c.site_id == site_id, warehouse.c.warehouse_id > after)
        .order_by(warehouse.c.warehouse_id)
        .limit(limit)
    )
    return (await session.execute(wanted)).all()


async def items(session: AsyncSession, after: str, limit: int) -> Rows:
    """List items by id."""
    wanted = select(item).where(item.c.item_id > after).order_by(item.c.item_id).limit(limit)
    return (await session.execute(wanted)).all()
