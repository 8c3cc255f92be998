"""Register a device of a site, or bring its description up to date."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.scanning.domain.devices import Device
from inventory.scanning.store import doors


async def register_device(session: AsyncSession, given: Device) -> tuple[Device, bool]:
    """Return the device, and whether it is new; one that was revoked is trusted again."""
    await catalog.load_site(session, given.site_id)
    if await doors.add_device(session, given):
        return given, True
    present = await doors.lock_device(session, given.site_id, given.device_id)
    present.revise(given)
    return present, False
