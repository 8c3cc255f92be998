"""Fill gaps: what is missing in a stream is asked of inventory, whose archive has every fact."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import structlog

from costing import inventory_client
from costing.valuation import store
from costing.valuation.use_cases.value_movements import value_movements
from servicekit.client import ServiceClient
from servicekit.clock import now
from servicekit.database import Database
from servicekit.faults import is_transient

log = structlog.get_logger()

PATIENCE = timedelta(seconds=2)
"""How long a fact may wait for its turn before the missing ones are asked for."""
FIRST = ("", "")


async def fill_gaps(database: Database, inventory: ServiceClient, currency: str) -> None:
    """Ask for what is missing in each stream that has waited too long, and apply it.

    A stream with a fact that can't be applied is no matter for the others: the next round tries
    it again, and the fact itself stands among the parked messages.
    """
    async for gap in _gaps(database):
        try:
            await _fill(database, inventory, currency, gap)
        except Exception as error:
            if is_transient(error):
                raise
            stream = f"{gap.site_id}:{gap.item_id}"
            log.warning("gap not filled", stream=stream, error=repr(error)[:500])


async def _gaps(database: Database) -> AsyncIterator[Any]:
    before, after = now() - PATIENCE, FIRST
    while True:
        async with database.transaction() as session:
            found = await store.gaps(session, before, after)
        for gap in found:
            yield gap
        if len(found) < store.GAPS_AT_ONCE:
            return
        after = (found[-1].site_id, found[-1].item_id)


async def _fill(database: Database, inventory: ServiceClient, currency: str, gap: Any) -> None:
    key = f"{gap.site_id}:{gap.item_id}"
    missed = [fact async for fact in inventory_client.facts(inventory, key, gap.sequence)]
    if missed:
        async with database.transaction() as session:
            await value_movements(session, missed, currency)
