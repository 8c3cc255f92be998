"""Intercept batches near their expiry: point them out in time, and freeze what is past it."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import BatchExpired, BatchExpiring, ExpiryFact
from inventory.quality.domain.expiry import EXPIRED
from inventory.quality.domain.holding import Rule
from inventory.quality.store import expiry as store
from inventory.quality.use_cases.change_status import NOT_PROMISED, Cause, by_rule, freeze_by_rule
from inventory.stock.domain import Place
from servicekit import outbox
from servicekit.clock import now
from servicekit.database import Database

AT_ONCE = 500
"""Notices, and places, in one transaction, so that nothing is locked for long."""
Look = Callable[[AsyncSession], Awaitable[list[Place]]]


async def intercept_expiring(database: Database, days: Collection[int]) -> None:
    """Say once of each batch at a site that it is near its expiry, and freeze what is past it.

    So is what still turns up of batches that were called back, however it came in.
    """
    at = now()
    await _point_out(database, days, at)
    expired, recalled = by_rule(Rule.EXPIRED, "expired"), by_rule(Rule.RECALLED, "called back")
    await _freeze(database, expired, lambda session: store.expired_places(session, at, AT_ONCE))
    await _freeze(database, recalled, lambda session: store.blocked_places(session, AT_ONCE))


async def _point_out(database: Database, days: Collection[int], at: datetime) -> None:
    while True:
        async with database.transaction() as session:
            nearing = await store.notice(session, days, at, AT_ONCE)
            await outbox.add(session, [_fact(row, at) for row in nearing])
        if len(nearing) < AT_ONCE:
            return


async def _freeze(database: Database, cause: Cause, look: Look) -> None:
    while True:
        async with database.transaction() as session:
            places = await look(session)
            await freeze_by_rule(session, places, NOT_PROMISED, cause)
        if len(places) < AT_ONCE:
            return


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
