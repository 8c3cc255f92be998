"""Moves units with numbers of their own along with the entries that name them."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ARRAY, Text, any_, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import SerialKey, SerialUnit
from inventory.stock.tables import serial_unit


async def lock_serials(
    session: AsyncSession, keys: Collection[SerialKey]
) -> dict[SerialKey, SerialUnit]:
    """Return the units that are known, locked."""
    key = tuple_(serial_unit.c.item_id, serial_unit.c.serial_no)
    wanted = (
        select(SerialUnit)
        .where(key.in_(keys))
        .order_by(serial_unit.c.item_id, serial_unit.c.serial_no)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {one.key: one for one in await session.scalars(wanted)}


async def find_serials(
    session: AsyncSession, keys: Collection[SerialKey]
) -> dict[SerialKey, SerialUnit]:
    """Return the units that are known, as they are just now."""
    key = tuple_(serial_unit.c.item_id, serial_unit.c.serial_no)
    wanted = select(SerialUnit).where(key.in_(keys)).execution_options(populate_existing=True)
    return {one.key: one for one in await session.scalars(wanted)}


async def find_trace_codes(session: AsyncSession, codes: Iterable[str]) -> Sequence[SerialUnit]:
    """Return the units that have one of these codes."""
    held = serial_unit.c.trace_code == any_(literal(sorted(set(codes)), ARRAY(Text)))
    return (await session.scalars(select(SerialUnit).where(held))).all()
