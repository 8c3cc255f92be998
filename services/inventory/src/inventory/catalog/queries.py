"""Lists of the catalog."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.tables import (
    item,
    kit_component,
    kit_version,
    site,
    substitute,
    unit_conversion,
    warehouse,
)

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
    is_kit = item.c.kit_version.is_not(None).label("is_kit")
    wanted = (
        select(item, is_kit).where(item.c.item_id > after).order_by(item.c.item_id).limit(limit)
    )
    return (await session.execute(wanted)).all()


async def conversions(
    session: AsyncSession, item_id: str, after: tuple[str, int] | None, limit: int
) -> Rows:
    """List the versions of an item's units."""
    table = unit_conversion.c
    key = (table.unit, table.version)
    wanted = select(unit_conversion).where(table.item_id == item_id).order_by(*key).limit(limit)
    if after is not None:
        wanted = wanted.where(
            tuple_(*key) > tuple_(literal(after[0]), literal(after[1], BigInteger))
        )
    return (await session.execute(wanted)).all()


async def kit_versions(
    session: AsyncSession, item_id: str, after: tuple[int, str] | None, limit: int
) -> Rows:
    """List the components of all versions of a kit."""
    table = kit_component.c
    key = (table.version, table.component_id)
    wanted = (
        select(kit_component, kit_version.c.defined_at, kit_version.c.defined_by)
        .join(
            kit_version,
            (kit_version.c.item_id == table.item_id) & (kit_version.c.version == table.version),
        )
        .where(table.item_id == item_id)
        .order_by(*key)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(
            tuple_(*key) > tuple_(literal(after[0], BigInteger), literal(after[1]))
        )
    return (await session.execute(wanted)).all()


async def substitutes(
    session: AsyncSession, item_id: str, after: tuple[int, str] | None, limit: int
) -> Rows:
    """List what is said to stand in for an item, the best first."""
    table = substitute.c
    key = (table.rank, table.substitute_id)
    wanted = select(substitute).where(table.item_id == item_id).order_by(*key).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(*key) > tuple_(literal(after[0]), literal(after[1])))
    return (await session.execute(wanted)).all()
