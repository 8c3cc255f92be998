"""Tell others of a device as it is now: receipts weigh and scan with them too."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import DeviceDefined
from inventory.devices.domain import Device
from servicekit import outbox


async def tell_device(session: AsyncSession, device: Device) -> None:
    """Add what is known of the device to the outbox."""
    fact = DeviceDefined(
        site_id=device.site_id,
        device_id=device.device_id,
        name=device.name,
        kind=device.kind.value,
        revoked=device.revoked_at is not None,
    )
    await outbox.add(session, [fact])
