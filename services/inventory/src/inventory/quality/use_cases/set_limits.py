"""Set what a warehouse's conditions may be."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.quality.store import conditions as store


async def set_limits(session: AsyncSession, given: store.Setting) -> None:
    """Set the limits of a warehouse; readings are judged by them from now on."""
    await catalog.must_know_warehouses(session, {(given.site_id, given.warehouse_id)})
    await store.save_limits(session, given)
