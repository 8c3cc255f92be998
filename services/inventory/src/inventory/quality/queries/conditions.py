"""Readings, limits and breaches of warehouses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices.tables import LASTS, cold_chain_breach
from inventory.quality.tables import (
    condition_limit,
    condition_reading,
    condition_watch,
)
from inventory.reservations.tables import reservation, reservation_line

Rows = Sequence[Any]
PROMISED_MAX = 1000
"""Promised lines a breach shows."""


@dataclass(frozen=True)
class Span:
    """Readings of one warehouse, of one device, of some time."""

    site_id: str
    warehouse_id: str
    device_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def readings(
    session: AsyncSession, span: Span, after: tuple[datetime, str] | None, limit: int
) -> Rows:
    """List readings by the device's time."""
    table = condition_reading.c
    query = (
        select(condition_reading)
        .where(table.site_id == span.site_id, table.warehouse_id == span.warehouse_id)
        .order_by(table.at, table.device_id)
        .limit(limit)
    )
    if span.device_id is not None:
        query = query.where(table.device_id == span.device_id)
    if span.since is not None:
        query = query.where(table.at >= span.since)
    if span.until is not None:
        query = query.where(table.at < span.until)
    if after is not None:
        query = query.where(tuple_(table.at, table.device_id) > tuple_(*after))
    return (await session.execute(query)).all()


async def limits(session: AsyncSession, site_id: str, after: str, limit: int) -> Rows:
    """List the limits of a site's warehouses."""
    table = condition_limit.c
    query = (
        select(condition_limit)
        .where(table.site_id == site_id, table.warehouse_id > after)
        .order_by(table.warehouse_id)
        .limit(limit)
    )
    return (await session.execute(query)).all()


@dataclass(frozen=True)
class SensorFilter:
    """Which devices are asked for; None means any."""

    sites: Collection[str] | None
    silent: bool | None = None


async def sensors(
    session: AsyncSession, wanted: SensorFilter, after: Sequence[str] | None, limit: int
) -> Rows:
    """List the devices that are watched, by site, warehouse and name."""
    table = condition_watch.c
    key = (table.site_id, table.warehouse_id, table.device_id)
    query = select(condition_watch).order_by(*key).limit(limit)
    if wanted.sites is not None:
        query = query.where(table.site_id.in_(wanted.sites))
    if wanted.silent is not None:
        heard = table.silent_since.is_(None)
        query = query.where(~heard if wanted.silent else heard)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    return (await session.execute(query)).all()


@dataclass(frozen=True)
class BreachFilter:
    """Which breaches are asked for; None means any."""

    sites: Collection[str] | None
    open: bool | None = None


async def breaches(
    session: AsyncSession, wanted: BreachFilter, after: UUID | None, limit: int
) -> Rows:
    """List breaches in the order in which they began."""
    table = cold_chain_breach.c
    query = select(cold_chain_breach).order_by(table.breach_id).limit(limit)
    if wanted.sites is not None:
        query = query.where(table.site_id.in_(wanted.sites))
    if wanted.open is not None:
        query = query.where(LASTS if wanted.open else ~LASTS)
    if after is not None:
        query = query.where(table.breach_id > after)
    return (await session.execute(query)).all()


async def promised_in(session: AsyncSession, site_id: str, warehouse_id: str) -> Rows:
    """List what is promised to orders in a warehouse, and could not be frozen therefore."""
    line, holding = reservation_line.c, reservation.c
    query = (
        select(line.reservation_id, holding.order_id, line.item_id, line.batch_id, line.outstanding)
        .join(
            reservation,
            (holding.site_id == line.site_id) & (holding.reservation_id == line.reservation_id),
        )
        .where(line.site_id == site_id, line.warehouse_id == warehouse_id, line.outstanding > 0)
        .order_by(line.reservation_id, line.line_no)
        .limit(PROMISED_MAX)
    )
    return (await session.execute(query)).all()
