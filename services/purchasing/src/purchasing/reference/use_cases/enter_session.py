"""Enter a scan session: its own user, with its own device, which is still trusted, while it runs.

All of it is known here: nobody who unloads a lorry waits for inventory.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.reference import store
from purchasing.reference.domain import DeviceMissing, NoSession, ScanSession
from servicekit.auth import Caller
from servicekit.clock import now


async def enter_session(
    session: AsyncSession, session_id: UUID | None, device_id: str | None, caller: Caller
) -> ScanSession:
    """Return the session that a scan is made in; raise if it may not be."""
    if session_id is None:
        raise NoSession
    if device_id is None:
        raise DeviceMissing
    held = await store.scan_session(session, session_id)
    held.must_be_of(caller.subject, device_id)
    caller.must_cover(held.site_id)
    held.must_be_open(now())
    await store.must_be_in_use(session, held.site_id, device_id)
    return held
