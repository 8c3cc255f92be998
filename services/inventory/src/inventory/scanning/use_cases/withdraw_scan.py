"""Withdraw a scan: it was made by mistake, and counts no more."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.scanning.domain.scans import Scan
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.store import scans, sessions
from servicekit.clock import now


async def withdraw_scan(session: AsyncSession, held: ScanSession, scan_id: UUID) -> Scan:
    """Return a scan of a work that the locked session holds, withdrawn; again changes nothing."""
    given = await scans.load_scan(session, held.site_id, scan_id)
    work = await sessions.lock_work(session, held, given.counted_for())
    work.must_go_on()
    if given.withdrawn_at is None:
        await scans.withdraw_scan(session, given, now())
    return await scans.load_scan(session, held.site_id, scan_id)
