"""Loads and adds devices, and finds the breaches of warehouses that one of them found."""

from collections.abc import Collection

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices.domain import Device, UnknownDevice
from inventory.devices.tables import LASTS, cold_chain_breach, device


async def load_device(session: AsyncSession, site_id: str, device_id: str) -> Device:
    """Return a device of a site, or raise `UnknownDevice`."""
    return _known(await session.get(Device, (site_id, device_id)), site_id, device_id)


async def must_be_in_use(session: AsyncSession, site_id: str, device_id: str | None) -> None:
    """Raise if a device is named that the site doesn't have, or doesn't trust any more."""
    if device_id is not None:
        (await load_device(session, site_id, device_id)).must_be_in_use()


async def lock_device(session: AsyncSession, site_id: str, device_id: str) -> Device:
    """Return a device of a site, locked, or raise `UnknownDevice`."""
    lock = {"key_share": True}
    found = await session.get(Device, (site_id, device_id), with_for_update=lock)
    return _known(found, site_id, device_id)


def _known(found: Device | None, site_id: str, device_id: str) -> Device:
    if found is None:
        raise UnknownDevice(site_id=site_id, device_id=device_id)
    return found


async def load_devices(
    session: AsyncSession, site_id: str, device_ids: Collection[str]
) -> dict[str, Device]:
    """Return those devices of a site that there are."""
    wanted = select(Device).where(
        device.c.site_id == site_id, device.c.device_id.in_(set(device_ids))
    )
    return {one.device_id: one for one in await session.scalars(wanted)} if device_ids else {}


async def add_device(session: AsyncSession, given: Device) -> bool:
    """Add a device; return False if the site has one of that id already."""
    row = {column.name: getattr(given, column.name) for column in device.columns}
    added = insert(device).values(row).on_conflict_do_nothing().returning(device.c.device_id)
    return await session.scalar(added) is not None


async def lasting_breach(
    session: AsyncSession, warehouses: Collection[tuple[str, str]]
) -> RowMapping | None:
    """Return the first breach that lasts in some of these warehouses of sites, if there is one."""
    breach = cold_chain_breach.c
    wanted = (
        select(cold_chain_breach)
        .where(LASTS, tuple_(breach.site_id, breach.warehouse_id).in_(sorted(warehouses)))
        .order_by(breach.breach_id)
        .limit(1)
    )
    return (await session.execute(wanted)).mappings().first() if warehouses else None
