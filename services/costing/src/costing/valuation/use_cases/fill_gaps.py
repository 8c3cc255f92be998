"""Fill gaps: what is missing in a stream is asked of inventory, whose archive has every fact."""

from datetime import timedelta

from costing import inventory_client
from costing.valuation import store
from costing.valuation.use_cases.value_movements import value_movements
from servicekit.client import ServiceClient
from servicekit.clock import now
from servicekit.database import Database

PATIENCE = timedelta(seconds=2)
"""How long a fact may wait for its turn before the missing ones are asked for."""


async def fill_gaps(database: Database, inventory: ServiceClient, currency: str) -> None:
    """Ask for what is missing in each stream that has waited too long, and apply it."""
    async with database.transaction() as session:
        gaps = await store.gaps(session, now() - PATIENCE)
    for gap in gaps:
        key = f"{gap.site_id}:{gap.item_id}"
        missed = [
            fact
            async for _, fact in inventory_client.facts(inventory, key, gap.sequence)
            if fact.sequence > gap.sequence
        ]
        if missed:
            async with database.transaction() as session:
                await value_movements(session, missed, currency)
