"""Run rebuilds: value inventory's whole archive anew and compare it with the books by entry.

The live books are not touched, and no transaction is open while the archive is read. An entry
that costing has not made yet is not compared: it will be in the next rebuild.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.inventory import StockFact
from costing import inventory_client
from costing.insight import store
from costing.insight.domain import Figures, Findings, Mismatch, Stream
from costing.valuation.domain import Entry, Valuation
from costing.valuation.use_cases.value_movements import movement_of
from servicekit.client import ServiceClient
from servicekit.clock import now
from servicekit.database import Database
from servicekit.errors import Refusal
from servicekit.faults import is_transient

AT_ONCE = 1000
"""Entries compared with one read."""
SILENCE_MAX = timedelta(seconds=60)
"""A runner that gave no sign of life for this long is gone, and another one starts over."""


async def run_rebuilds(database: Database, inventory: ServiceClient) -> None:
    """Run the rebuilds that were asked for; each worker takes one that no other is at."""
    while True:
        async with database.transaction() as session:
            rebuild_id = await store.take_rebuild(session, now(), now() - SILENCE_MAX)
        if rebuild_id is None:
            return
        try:
            found = await Rebuild(database, inventory, rebuild_id).run()
        except Exception as error:
            await _end_early(database, rebuild_id, error)
            raise
        async with database.transaction() as session:
            await store.change_running(session, rebuild_id, **_told(found))


async def _end_early(database: Database, rebuild_id: UUID, error: Exception) -> None:
    """Leave it to be tried again if the cause may pass by itself; else say what it failed of."""
    if is_transient(error):
        outcome: dict[str, Any] = {"status": "requested"}
    else:
        outcome = {"status": "failed", "ended_at": now(), "failure": repr(error)[:1000]}
    async with database.transaction() as session:
        await store.change_running(session, rebuild_id, **outcome)


class Rebuild:
    """One run over the archive."""

    def __init__(self, database: Database, inventory: ServiceClient, rebuild_id: UUID) -> None:
        self._database = database
        self._inventory = inventory
        self._id = rebuild_id
        self._live: dict[Stream, int] = {}
        self._valuations: dict[Stream, Valuation] = {}
        self._early: dict[Stream, dict[int, StockFact]] = {}
        self._refused: dict[Stream, str] = {}
        self._found = Findings()

    async def run(self) -> Findings:
        """Compare all entries that the books had when the run began, and those that came since."""
        async with self._database.transaction() as session:
            self._live = await store.live_sequences(session)
        await self._compare_all(inventory_client.facts(self._inventory))
        for stream, valuation in self._short():
            key = ":".join(stream)
            await self._compare_all(
                inventory_client.facts(self._inventory, key, valuation.sequence)
            )
        await self._report_short()
        self._found.streams = len(self._valuations)
        return self._found

    async def _compare_all(self, facts: AsyncIterator[StockFact]) -> None:
        batch: list[Entry] = []
        async for fact in facts:
            batch.extend(self._value(fact))
            if len(batch) >= AT_ONCE:
                await self._compare(batch)
                batch = []
        await self._compare(batch)

    def _value(self, fact: StockFact) -> Iterator[Entry]:
        """Give the entries that can be made now that this fact is known."""
        stream = (fact.site_id, fact.item_id)
        valuation = self._valuations.setdefault(stream, Valuation(*stream))
        waiting = self._early.setdefault(stream, {})
        if fact.sequence <= valuation.sequence or stream in self._refused:
            return
        waiting[fact.sequence] = fact
        while (due := waiting.pop(valuation.sequence + 1, None)) is not None:
            try:
                yield valuation.apply(movement_of(due))
            except Refusal as refusal:
                self._refused[stream] = refusal.code
                return

    async def _compare(self, entries: Sequence[Entry]) -> None:
        rebuilt = {
            (e.movement.site_id, e.movement.item_id, e.movement.sequence): e for e in entries
        }
        live = await self._live_entries(list(rebuilt))
        for place, entry in rebuilt.items():
            theirs = live.get(place)
            if theirs is None and place[2] > self._live.get(place[:2], 0):
                continue
            cause = "other_value" if theirs else "not_in_the_books"
            self._found.add(place, Figures(entry.quantity, entry.value), theirs, cause)

    def _short(self) -> list[tuple[Stream, Valuation]]:
        """Return the streams that did not get as far as the books, for all that was read."""
        wanted = sorted(stream for stream, sequence in self._live.items() if sequence)
        reached = [(s, self._valuations.setdefault(s, Valuation(*s))) for s in wanted]
        return [(s, valuation) for s, valuation in reached if valuation.sequence < self._live[s]]

    async def _report_short(self) -> None:
        """Tell of each stream that stays short: which entry could not be made, and why."""
        places = {(*s, valuation.sequence + 1): s for s, valuation in self._short()}
        live = await self._live_entries(list(places))
        for place, stream in places.items():
            cause = self._refused.get(stream, "not_in_the_archive")
            self._found.add(place, None, live.get(place), cause)

    async def _live_entries(self, places: list[store.EntryKey]) -> dict[store.EntryKey, Figures]:
        found: dict[store.EntryKey, Figures] = {}
        for start in range(0, len(places), AT_ONCE):
            async with self._database.transaction() as session:
                found |= await store.live_entries(session, places[start : start + AT_ONCE])
                await store.change_running(session, self._id, alive_at=now())
        return found


def _told(found: Findings) -> dict[str, Any]:
    return {
        "status": "done",
        "ended_at": now(),
        "streams": found.streams,
        "entries": found.entries,
        "different": found.different,
        "differences": [_shown(one) for one in found.mismatches],
    }


def _shown(one: Mismatch) -> dict[str, Any]:
    return {
        "site_id": one.site_id,
        "item_id": one.item_id,
        "sequence": one.sequence,
        "cause": one.cause,
        "rebuilt": _plain(one.rebuilt),
        "live": _plain(one.live),
    }


def _plain(figures: Figures | None) -> str | None:
    return None if figures is None else format(figures.value, "f")
