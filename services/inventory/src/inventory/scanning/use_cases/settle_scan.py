"""Settle a scan at the wrong warehouse: say what became of the goods."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.scanning.store import scans
from servicekit.clock import now


async def settle_scan(
    session: AsyncSession, site_id: str, scan_id: UUID, how: str, by: str
) -> None:
    """Note how it was settled, and by whom; the last word counts."""
    given = await scans.load_scan(session, site_id, scan_id)
    given.must_be_at_wrong_warehouse()
    await scans.settle_scan(session, given, how, by, now())
