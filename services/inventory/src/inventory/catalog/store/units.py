"""Loads conversions of units: of each unit the version in force."""

from collections.abc import Collection, Iterable

from sqlalchemy import ARRAY, Text, and_, any_, insert, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import UnitConversion, Units, UnknownItem
from inventory.catalog.store.items import one_of
from inventory.catalog.tables import item, unit_conversion
from servicekit.clock import now

CONVERSION = ("item_id", "unit", "version", "numerator", "denominator", "valid_from")


async def load_units(session: AsyncSession, item_ids: Collection[str]) -> dict[str, Units]:
    """Return what quantities of the items can be given in; raise for the first that is none."""
    table = unit_conversion.c
    in_force = and_(table.item_id == item.c.item_id, table.valid_from <= now())
    rows = await session.execute(
        select(
            item.c.item_id,
            item.c.base_unit,
            item.c.scale,
            *(table[name] for name in CONVERSION[1:]),
        )
        .outerjoin(unit_conversion, in_force)
        .where(one_of(item_ids))
        .ext(distinct_on(item.c.item_id, table.unit))
        .order_by(item.c.item_id, table.unit, table.version.desc())
    )
    units = dict[str, Units]()
    for item_id, base_unit, scale, unit, *version in rows:
        known = units.setdefault(item_id, Units(item_id, base_unit, scale))
        if unit is not None:
            known.conversions[unit] = UnitConversion(item_id, unit, *version)
    for item_id in sorted(set(item_ids) - units.keys()):
        raise UnknownItem(item_id=item_id)
    return units


async def last_conversions(
    session: AsyncSession, item_ids: Collection[str]
) -> dict[tuple[str, str], UnitConversion]:
    """Return the last version of each unit of the items, in force or not."""
    table = unit_conversion.c
    rows = await session.execute(
        select(*(table[name] for name in CONVERSION))
        .where(table.item_id == any_(literal(sorted(item_ids), ARRAY(Text))))
        .ext(distinct_on(table.item_id, table.unit))
        .order_by(table.item_id, table.unit, table.version.desc())
    )
    return {(row.item_id, row.unit): UnitConversion(*row) for row in rows}


async def add_conversions(
    session: AsyncSession, added: Iterable[UnitConversion], defined_by: str
) -> None:
    """Keep new versions."""
    rows = [
        {name: getattr(one, name) for name in CONVERSION} | {"defined_by": defined_by}
        for one in added
    ]
    if rows:
        await session.execute(insert(unit_conversion), rows)
