"""Open warnings: breaches that last, and devices from which nothing comes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, Uuid, cast, literal, null, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices.tables import LASTS, cold_chain_breach
from inventory.quality.domain.warnings import WarningCause
from inventory.quality.tables import condition_watch

Position = tuple[datetime, str, str, str, str]
"""Since when, site, warehouse, device and cause: of these there is one warning at a time."""


@dataclass(frozen=True)
class WarningFilter:
    """Which warnings are asked for; None means any."""

    sites: Collection[str] | None
    cause: WarningCause | None = None


async def warnings_before(
    session: AsyncSession, wanted: WarningFilter, before: Position | None, limit: int
) -> Sequence[Any]:
    """List what is wrong now, the newest first."""
    found = union_all(_breaches(), _silences()).subquery().c
    key = (found.raised_at, found.site_id, found.warehouse_id, found.device_id, found.cause)
    query = select(*found).order_by(*(part.desc() for part in key)).limit(limit)
    if wanted.sites is not None:
        query = query.where(found.site_id.in_(wanted.sites))
    if wanted.cause is not None:
        query = query.where(found.cause == wanted.cause)
    if before is not None:
        query = query.where(tuple_(*key) < tuple_(*(literal(part) for part in before)))
    return (await session.execute(query)).all()


def _breaches() -> Select[Any]:
    breach = cold_chain_breach.c
    return select(
        cast(literal(WarningCause.COLD_CHAIN_BREACH.value), Text).label("cause"),
        breach.site_id,
        breach.warehouse_id,
        breach.device_id,
        breach.outside_since.label("since"),
        breach.breached_at.label("raised_at"),
        breach.breach_id,
    ).where(LASTS)


def _silences() -> Select[Any]:
    watch = condition_watch.c
    return select(
        cast(literal(WarningCause.SENSOR_SILENT.value), Text).label("cause"),
        watch.site_id,
        watch.warehouse_id,
        watch.device_id,
        watch.heard_at.label("since"),
        watch.silent_since.label("raised_at"),
        cast(null(), Uuid).label("breach_id"),
    ).where(watch.silent_since.is_not(None))
