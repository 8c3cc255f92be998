"""Reads the copies for a document that names them, and brings them up to date."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Table, Text, Uuid, any_, bindparam, delete, literal, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.reference.domain import (
    Conversion,
    Device,
    Devices,
    Item,
    ScanSession,
    Site,
    Units,
    UnknownItem,
    UnknownSession,
    UnknownSite,
    UnknownWarehouse,
)
from purchasing.reference.tables import (
    devices,
    items,
    scan_sessions,
    sites,
    unit_conversions,
    warehouses,
)
from servicekit.clock import now


async def site_with_warehouse(session: AsyncSession, site_id: str, warehouse_id: str) -> Site:
    """Return the site; raise if it or its warehouse is not known."""
    its_own = (warehouses.c.site_id == sites.c.site_id) & (
        warehouses.c.warehouse_id == warehouse_id
    )
    site = (
        await session.execute(
            select(sites.c.site_id, sites.c.time_zone, warehouses.c.warehouse_id)
            .outerjoin(warehouses, its_own)
            .where(sites.c.site_id == site_id)
        )
    ).one_or_none()
    if site is None:
        raise UnknownSite(site_id=site_id)
    if site.warehouse_id is None:
        raise UnknownWarehouse(site_id=site_id, warehouse_id=warehouse_id)
    return Site(site.site_id, site.time_zone)


async def site_of(session: AsyncSession, site_id: str) -> Site:
    """Return the site, or raise."""
    site = (
        await session.execute(
            select(sites.c.site_id, sites.c.time_zone).where(sites.c.site_id == site_id)
        )
    ).one_or_none()
    if site is None:
        raise UnknownSite(site_id=site_id)
    return Site(site.site_id, site.time_zone)


async def devices_of(session: AsyncSession, site_id: str, device_ids: Collection[str]) -> Devices:
    """Return those devices of a site that are known."""
    if not device_ids:
        return Devices(site_id, {})
    table = devices.c
    rows = await session.execute(
        select(*(table[one.name] for one in fields(Device))).where(
            table.site_id == site_id,
            table.device_id == any_(literal(sorted(set(device_ids)), ARRAY(Text))),
        )
    )
    return Devices(site_id, {row.device_id: Device(*row) for row in rows})


async def must_be_in_use(session: AsyncSession, site_id: str, device_id: str | None) -> None:
    """Raise if a device is named that the site doesn't have, or doesn't trust any more."""
    if device_id is not None:
        (await devices_of(session, site_id, [device_id])).find(device_id).must_be_in_use()


async def scan_session(session: AsyncSession, session_id: UUID) -> ScanSession:
    """Return a scan session as far as it is known, or raise."""
    table = scan_sessions.c
    rows = await session.execute(
        select(*(table[one.name] for one in fields(ScanSession))).where(
            table.session_id == session_id
        )
    )
    found = rows.one_or_none()
    if found is None:
        raise UnknownSession(session_id=session_id)
    return ScanSession(*found)


async def end_scan_sessions(session: AsyncSession, ended: Sequence[tuple[UUID, datetime]]) -> None:
    """Note when sessions ended; those of before they were told of are passed over."""
    if not ended:
        return
    statement = (
        update(scan_sessions)
        .where(scan_sessions.c.session_id == bindparam("of_session"))
        .values(ended_at=bindparam("at"))
    )
    connection = await session.connection()
    # In order, so that two workers that get the same rows don't wait in a circle.
    rows = [{"of_session": one, "at": at} for one, at in sorted(ended)]
    await connection.execute(statement, rows)


async def forget_scan_sessions(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove sessions that ran out before a moment, so many at most; return how many went."""
    table = scan_sessions.c
    old = (
        select(table.session_id)
        .where(table.expires_at < before)
        .limit(limit)
        # What another worker is removing is passed over: nobody waits in a circle.
        .with_for_update(skip_locked=True)
    )
    found = (await session.scalars(old)).all()
    its_own = table.session_id == any_(literal(list(found), ARRAY(Uuid)))
    await session.execute(delete(scan_sessions).where(its_own))
    return len(found)


async def items_of(session: AsyncSession, item_ids: Sequence[str]) -> Mapping[str, Item]:
    """Return the items by their ids; raise for the first that is not known."""
    rows = await session.execute(
        select(*(items.c[one.name] for one in fields(Item))).where(
            # One parameter however many items, so that the statement is prepared once.
            items.c.item_id == any_(literal(list(set(item_ids)), ARRAY(Text)))
        )
    )
    known = {row.item_id: Item(*row) for row in rows}
    for item_id in item_ids:
        if item_id not in known:
            raise UnknownItem(item_id=item_id)
    return known


async def units_of(session: AsyncSession, known: Mapping[str, Item]) -> Mapping[str, Units]:
    """Return what quantities of the items can be given in: of each unit the version in force."""
    table = unit_conversions.c
    rows = await session.execute(
        select(table.item_id, table.unit, table.version, table.numerator, table.denominator)
        .where(
            table.item_id == any_(literal(list(known), ARRAY(Text))),
            table.valid_from <= now(),
        )
        .ext(distinct_on(table.item_id, table.unit))
        .order_by(table.item_id, table.unit, table.version.desc())
    )
    units = {one.item_id: Units(one.item_id, one.base_unit, one.scale) for one in known.values()}
    for item_id, unit, *conversion in rows:
        units[item_id].conversions[unit] = Conversion(*conversion)
    return units


async def put(session: AsyncSession, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert or replace rows, of which the last of one primary key counts, all at once."""
    keys = [column.name for column in table.primary_key]
    newest = {tuple(row[key] for key in keys): row for row in rows}
    if not newest:
        return
    # In order of keys, so that two workers that get the same rows don't wait in a circle.
    ordered = [newest[key] for key in sorted(newest)]
    statement = insert(table)
    others = {name: statement.excluded[name] for name in ordered[0] if name not in keys}
    await session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=others), ordered
    )
