"""Limits, readings, watches and breaches; watches are locked in the order of devices."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices.tables import cold_chain_breach
from inventory.quality.domain.conditions import Breach, Device, Limits, Range, Reading, Watch
from inventory.quality.domain.refusals import UnknownBreach
from inventory.quality.tables import (
    condition_limit,
    condition_reading,
    condition_watch,
)

Warehouse = tuple[str, str]
"""Site and warehouse."""


@dataclass(frozen=True)
class Setting:
    """Limits for a warehouse, and who set them."""

    site_id: str
    warehouse_id: str
    limits: Limits
    set_by: str
    set_at: datetime


async def save_limits(session: AsyncSession, given: Setting) -> None:
    """Set a warehouse's limits, in place of those it had."""
    temperature, humidity = given.limits.temperature, given.limits.humidity
    row = {
        "lowest_temperature": temperature.lowest,
        "highest_temperature": temperature.highest,
        "temperature_hysteresis": temperature.hysteresis,
        "lowest_humidity": humidity.lowest,
        "highest_humidity": humidity.highest,
        "humidity_hysteresis": humidity.hysteresis,
        "tolerated_minutes": given.limits.tolerated // timedelta(minutes=1),
        "silent_after_minutes": given.limits.silent_after // timedelta(minutes=1),
        "set_by": given.set_by,
        "set_at": given.set_at,
    }
    place = {"site_id": given.site_id, "warehouse_id": given.warehouse_id}
    added = insert(condition_limit).values(place | row)
    await session.execute(
        added.on_conflict_do_update(index_elements=["site_id", "warehouse_id"], set_=row)
    )


async def load_limits(
    session: AsyncSession, warehouses: Collection[Warehouse]
) -> dict[Warehouse, Limits]:
    """Return the limits of those warehouses that have some."""
    table = condition_limit.c
    wanted = select(condition_limit).where(
        tuple_(table.site_id, table.warehouse_id).in_(set(warehouses))
    )
    return {
        (row.site_id, row.warehouse_id): Limits(
            Range(row.lowest_temperature, row.highest_temperature, row.temperature_hysteresis),
            Range(row.lowest_humidity, row.highest_humidity, row.humidity_hysteresis),
            timedelta(minutes=row.tolerated_minutes),
            timedelta(minutes=row.silent_after_minutes),
        )
        for row in await session.execute(wanted)
    }


async def keep_readings(session: AsyncSession, readings: Iterable[Reading], at: datetime) -> None:
    """Keep readings for the trace; of two for one moment of a device, the first."""
    rows = [
        {
            "site_id": one.device.site_id,
            "warehouse_id": one.device.warehouse_id,
            "at": one.at,
            "device_id": one.device.device_id,
            "temperature": one.temperature,
            "humidity": one.humidity,
            "received_at": at,
        }
        for one in sorted(readings, key=lambda one: (one.device, one.at))
    ]
    await session.execute(insert(condition_reading).on_conflict_do_nothing(), rows)


async def forget_readings(session: AsyncSession, before: datetime) -> None:
    """Remove readings that came before a moment."""
    await session.execute(delete(condition_reading).where(condition_reading.c.received_at < before))


async def lock_watches(session: AsyncSession, devices: Collection[Device]) -> dict[Device, Watch]:
    """Return the watches of devices, locked; those that were missing are made."""
    if not devices:
        return {}
    table = condition_watch.c
    key = (table.site_id, table.warehouse_id, table.device_id)
    names = [(one.site_id, one.warehouse_id, one.device_id) for one in sorted(devices)]
    rows = [
        {"site_id": site, "warehouse_id": warehouse, "device_id": device}
        for site, warehouse, device in names
    ]
    await session.execute(insert(condition_watch).on_conflict_do_nothing(), rows)
    wanted = (
        select(Watch)
        .where(tuple_(*key).in_(names))
        .order_by(*key)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {
        Device(one.site_id, one.warehouse_id, one.device_id): one
        for one in await session.scalars(wanted)
    }


async def lock_silent(session: AsyncSession, at: datetime, limit: int) -> list[Watch]:
    """Return watches of devices that were not heard for too long, locked; nobody was warned yet.

    Those that a reading is just being judged for are passed over.
    """
    watch, allowed = condition_watch.c, condition_limit.c
    wanted = (
        select(Watch)
        .join(
            condition_limit,
            (allowed.site_id == watch.site_id) & (allowed.warehouse_id == watch.warehouse_id),
        )
        .where(
            watch.silent_since.is_(None),
            watch.heard_at + func.make_interval(0, 0, 0, 0, 0, allowed.silent_after_minutes) < at,
        )
        .order_by(watch.site_id, watch.warehouse_id, watch.device_id)
        .limit(limit)
        .with_for_update(of=condition_watch, key_share=True, skip_locked=True)
    )
    return list(await session.scalars(wanted))


async def lock_breach(session: AsyncSession, breach_id: UUID) -> Breach:
    """Return a breach as it is now, locked; its watch is locked already."""
    wanted = select(Breach).where(cold_chain_breach.c.breach_id == breach_id)
    locked = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).one()


async def load_breach(session: AsyncSession, breach_id: UUID | None) -> Breach:
    """Return a breach, or raise `UnknownBreach`."""
    wanted = select(Breach).where(cold_chain_breach.c.breach_id == breach_id)
    found = await session.scalar(wanted)
    if found is None:
        raise UnknownBreach(breach_id=breach_id)
    return found
