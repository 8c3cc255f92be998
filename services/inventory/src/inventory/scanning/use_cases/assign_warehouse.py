"""Assign a user to a warehouse, so that sessions may be opened there."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.scanning.store import doors
from servicekit.clock import now


async def assign_warehouse(
    session: AsyncSession, place: tuple[str, str], user_id: str, by: str
) -> bool:
    """Return whether the user did not work there before."""
    await catalog.must_know_warehouses(session, {place})
    return await doors.assign(session, place, user_id, by, now())
