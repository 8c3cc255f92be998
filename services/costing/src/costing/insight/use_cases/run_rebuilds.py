"""Run rebuilds: value inventory's whole archive anew and compare it with the books by entry.

The live books are not touched. An entry that costing has not made yet is not compared: it will
be in the next rebuild.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contracts.inventory import StockFact
from costing import inventory_client
from costing.insight import store
from costing.insight.domain import DIFFERENCES_MAX
from costing.valuation.domain import Entry, Valuation
from costing.valuation.use_cases.value_movements import advance
from servicekit.client import ServiceClient
from servicekit.clock import now
from servicekit.database import Database

AT_ONCE = 1000
"""Entries compared with one read."""
Stream = tuple[str, str]


@dataclass
class Findings:
    """What a rebuild has found so far."""

    streams: int = 0
    entries: int = 0
    different: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def add(self, entry: Entry, live: Any) -> None:
        """Compare one entry with the live one."""
        self.entries += 1
        if (live.quantity, live.value) == (entry.quantity, entry.value):
            return
        self.different += 1
        if len(self.differences) < DIFFERENCES_MAX:
            self.differences.append(
                {
                    "site_id": entry.movement.site_id,
                    "item_id": entry.movement.item_id,
                    "sequence": entry.movement.sequence,
                    "rebuilt": _plain(entry.value),
                    "live": _plain(live.value),
                }
            )


async def run_rebuilds(database: Database, inventory: ServiceClient) -> None:
    """Run the rebuilds that were asked for; two workers never run the same."""
    while True:
        async with database.transaction() as session:
            rebuild_id = await store.lock_requested(session)
            if rebuild_id is None:
                return
            found = await _rebuild(database, inventory)
            await store.end_rebuild(
                session,
                rebuild_id,
                ended_at=now(),
                streams=found.streams,
                entries=found.entries,
                different=found.different,
                differences=found.differences,
            )


async def _rebuild(database: Database, inventory: ServiceClient) -> Findings:
    found, batch = Findings(), []
    valuations: dict[Stream, Valuation] = {}
    async for entry in _revalued(inventory, valuations):
        batch.append(entry)
        if len(batch) == AT_ONCE:
            await _compare(database, batch, found)
            batch = []
    await _compare(database, batch, found)
    found.streams = len(valuations)
    return found


async def _revalued(
    inventory: ServiceClient, valuations: dict[Stream, Valuation]
) -> AsyncIterator[Entry]:
    """Give the entries that the archive's facts make, valued from nothing."""
    early: dict[Stream, dict[int, StockFact]] = {}
    async for _, fact in inventory_client.facts(inventory):
        stream = (fact.site_id, fact.item_id)
        valuation = valuations.setdefault(stream, Valuation(*stream))
        waiting = early.setdefault(stream, {})
        waiting[fact.sequence] = fact
        for entry in advance(valuation, waiting):
            del waiting[entry.movement.sequence]
            yield entry


async def _compare(database: Database, entries: list[Entry], found: Findings) -> None:
    keys = [(e.movement.site_id, e.movement.item_id, e.movement.sequence) for e in entries]
    if not keys:
        return
    async with database.transaction() as session:
        live = await store.live_entries(session, keys)
    for key, entry in zip(keys, entries, strict=True):
        if key in live:
            found.add(entry, live[key])


def _plain(number: Decimal) -> str:
    return format(number, "f")
