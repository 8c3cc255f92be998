"""Revoke a device: nothing it sends counts any more, and its session ends."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices import store as devices
from inventory.devices.domain import Device
from inventory.scanning.domain.sessions import End
from inventory.scanning.store import sessions
from inventory.scanning.use_cases.tell_device import tell_device
from servicekit.clock import now


async def revoke_device(
    session: AsyncSession, site_id: str, device_id: str, user_id: str
) -> Device:
    """Return the revoked device; once more changes nothing."""
    at = now()
    for running in await sessions.lock_running(session, site_id, None, device_id):
        running.finish(End.REVOKED, at)
    revoked = await devices.lock_device(session, site_id, device_id)
    if revoked.revoke(at, user_id):
        await tell_device(session, revoked)
    return revoked
