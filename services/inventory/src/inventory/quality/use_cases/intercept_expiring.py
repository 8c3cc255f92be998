"""Intercept batches near their expiry: point them out in time, and freeze what is past it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row

from contracts.inventory import BatchExpired, BatchExpiring, ExpiryFact
from inventory.quality.domain.expiry import EXPIRED
from inventory.quality.domain.holding import Rule
from inventory.quality.store import expiry as store
from inventory.quality.use_cases.change_status import NOT_PROMISED, Cause, by_rule, freeze_by_rule
from inventory.stock.domain import Place
from servicekit import outbox
from servicekit.clock import now
from servicekit.database import Database

log = structlog.get_logger()

NOTICES_AT_ONCE = 500
"""In one transaction, so that nothing is locked for long."""
PLACES_AT_ONCE = 5_000
"""In one round; the next one takes the others."""


async def intercept_expiring(database: Database, days: Collection[int]) -> None:
    """Say once of each batch at a site that it is near its expiry, and freeze what is past it.

    So is what still turns up of batches that were called back, however it came in.
    """
    at = now()
    await _point_out(database, days, at)
    async with database.transaction() as session:
        expired = await store.expired_places(session, at, PLACES_AT_ONCE)
        recalled = await store.blocked_places(session, PLACES_AT_ONCE)
    await _freeze(database, expired, by_rule(Rule.EXPIRED, "expired"))
    await _freeze(database, recalled, by_rule(Rule.RECALLED, "called back"))


async def _point_out(database: Database, days: Collection[int], at: datetime) -> None:
    while True:
        async with database.transaction() as session:
            nearing = await store.notice(session, days, at, NOTICES_AT_ONCE)
            await outbox.add(session, [_fact(row, at) for row in nearing])
        if len(nearing) < NOTICES_AT_ONCE:
            return


async def _freeze(database: Database, places: Sequence[Place], cause: Cause) -> None:
    """Freeze what is not promised, site by site; what breaks for one is no matter for others."""
    for site_id in sorted({place.site_id for place in places}):
        there = [place for place in places if place.site_id == site_id]
        try:
            async with database.transaction() as session:
                await freeze_by_rule(session, there, NOT_PROMISED, cause)
        except Exception as error:  # noqa: BLE001 - the next round may succeed
            log.warning("goods not frozen", site_id=site_id, error=repr(error)[:500])


def _fact(row: Row[Any], at: datetime) -> ExpiryFact:
    common = {
        "site_id": row.site_id,
        "item_id": row.item_id,
        "batch_id": row.batch_id,
        "expires_on": row.expires_on,
        "on_hand": row.on_hand,
        "at": at,
    }
    if row.within_days == EXPIRED:
        return BatchExpired(**common)
    return BatchExpiring(within_days=row.within_days, **common)
