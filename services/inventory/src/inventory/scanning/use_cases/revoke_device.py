"""Revoke a device: nothing it sends counts any more, and its session ends."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices import store as devices
from inventory.devices.domain import Device
from inventory.scanning.domain.sessions import End
from inventory.scanning.store import sessions
from inventory.scanning.use_cases.finish_sessions import finish_sessions
from inventory.scanning.use_cases.tell_device import tell_device
from servicekit.clock import now


async def revoke_device(
    session: AsyncSession, site_id: str, device_id: str, user_id: str
) -> Device:
    """Return the revoked device; once more changes nothing."""
    running = await sessions.lock_running(session, site_id, None, device_id)
    await finish_sessions(session, running, End.REVOKED)
    revoked = await devices.lock_device(session, site_id, device_id)
    if revoked.revoke(now(), user_id):
        await tell_device(session, revoked)
    return revoked
