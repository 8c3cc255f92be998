"""Enter a session: its own user, with its own device, which is still trusted."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices import store as devices
from inventory.scanning.domain.sessions import ScanSession
from inventory.scanning.store import sessions


async def enter_session(
    session: AsyncSession, session_id: UUID, user_id: str, device_id: str
) -> ScanSession:
    """Return the session, locked; it may have ended, which is not too late for everything."""
    held = await sessions.lock_session(session, session_id)
    await must_be_entered(session, held, user_id, device_id)
    return held


async def must_be_entered(
    session: AsyncSession, held: ScanSession, user_id: str, device_id: str
) -> None:
    """Raise unless this user with this device, which is still trusted, may use the session."""
    held.must_be_of(user_id, device_id)
    await devices.must_be_in_use(session, held.site_id, device_id)
