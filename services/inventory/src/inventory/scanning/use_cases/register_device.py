"""Register a device of a site, or bring its description up to date."""

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.devices import store as devices
from inventory.devices.domain import Device
from inventory.scanning.use_cases.tell_device import tell_device


async def register_device(session: AsyncSession, given: Device) -> tuple[Device, bool]:
    """Return the device, and whether it is new; one that was revoked is trusted again."""
    await catalog.load_site(session, given.site_id)
    if await devices.add_device(session, given):
        await tell_device(session, given)
        return given, True
    present = await devices.lock_device(session, given.site_id, given.device_id)
    if present.revise(given):
        await tell_device(session, present)
    return present, False
