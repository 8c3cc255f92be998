"""Name what codes stand for: a unit of an item each."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.scanning.domain.understanding import Barcode
from inventory.scanning.store import doors

ONE = Decimal(1)


async def name_barcodes(session: AsyncSession, given: Sequence[Barcode]) -> None:
    """Keep all of them, or raise for the first whose item or unit is not known."""
    units = await catalog.load_units(session, {one.item_id for one in given})
    for one in given:
        units[one.item_id].to_base(one.unit, ONE)
    await doors.put_barcodes(session, given)
