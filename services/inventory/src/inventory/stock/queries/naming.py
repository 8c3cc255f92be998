"""Lists of what tells goods of an item apart: batches and units with numbers of their own."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.queries.balances import Rows
from inventory.stock.tables import batch, serial_unit


async def batches(session: AsyncSession, item_id: str, after: str, limit: int) -> Rows:
    """List an item's batches."""
    wanted = (
        select(batch)
        .where(batch.c.item_id == item_id, batch.c.batch_id > after)
        .order_by(batch.c.batch_id)
        .limit(limit)
    )
    return (await session.execute(wanted)).all()


async def serials(
    session: AsyncSession, item_id: str, covered: Collection[str] | None, after: str, limit: int
) -> Rows:
    """List an item's units that are, or were last, at sites a caller may see."""
    wanted = (
        select(serial_unit)
        .where(serial_unit.c.item_id == item_id, serial_unit.c.serial_no > after)
        .order_by(serial_unit.c.serial_no)
        .limit(limit)
    )
    if covered is not None:
        wanted = wanted.where(serial_unit.c.site_id.in_(covered))
    return (await session.execute(wanted)).all()
