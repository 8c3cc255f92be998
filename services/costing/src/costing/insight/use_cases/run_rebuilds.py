"""Run rebuilds: value inventory's whole archive anew and compare it with the books by entry.

The live books are not touched, and no transaction is open while the archive is read. An entry
that costing has not made yet is not compared: it will be in the next rebuild.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.inventory import StockFact
from costing import inventory_client
from costing.insight import store
from costing.insight.domain import Figures, Findings, Mismatch, Stream
from costing.valuation.domain.books import Books
from costing.valuation.domain.movement import Entry, Movement
from costing.valuation.domain.valuation import Valuation
from costing.valuation.store import streams
from costing.valuation.use_cases.translate_facts import movement_of
from servicekit.client import ServiceClient
from servicekit.clock import now
from servicekit.database import Database
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
        self._books = Books()
        self._waiting: dict[Stream, dict[int, Movement]] = {}
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
        self._found.streams = len(self._books.valuations)
        return self._found

    async def _compare_all(self, facts: AsyncIterator[StockFact]) -> None:
        batch: list[Movement] = []
        async for fact in facts:
            batch.append(movement_of(fact))
            if len(batch) >= AT_ONCE:
                await self._value(batch)
                batch = []
        await self._value(batch)

    async def _value(self, batch: Sequence[Movement]) -> None:
        """Make and compare the entries that can be made now that these movements are known."""
        for one in batch:
            valuation = self._books.valuations.setdefault(one.stream, Valuation(*one.stream))
            if one.sequence > valuation.sequence and one.stream not in self._books.refused:
                self._waiting.setdefault(one.stream, {})[one.sequence] = one
        await self._recall()
        entries = self._books.advance(self._waiting)
        self._waiting = {
            stream: ahead
            for stream, row in self._waiting.items()
            if (ahead := self._ahead(stream, row)) and stream not in self._books.refused
        }
        await self._compare(entries)

    def _ahead(self, stream: Stream, row: dict[int, Movement]) -> dict[int, Movement]:
        reached = self._books.valuations[stream].sequence
        return {number: one for number, one in row.items() if number > reached}

    async def _recall(self) -> None:
        """Let movements find those they go back to: as in the books, unless they were not alike.

        The memory keeps only what the books have not; all else would be the whole archive.
        """
        waiting = [one for row in self._waiting.values() for one in row.values()]
        named = {(*one.stream, number) for one in waiting for number in one.goes_back_to}
        missing = sorted(named - self._books.past.keys())
        for start in range(0, len(missing), AT_ONCE):
            async with self._database.transaction() as session:
                self._books.past |= await streams.past(session, missing[start : start + AT_ONCE])

    async def _compare(self, entries: Sequence[Entry]) -> None:
        rebuilt = {entry.movement.key: entry for entry in entries}
        live = await self._live_entries(list(rebuilt))
        for place, entry in rebuilt.items():
            theirs, ours = live.get(place), _figures(entry)
            if ours == theirs:
                del self._books.past[place]
            if theirs is None and place[2] > self._live.get(place[:2], 0):
                continue
            cause = "other_value" if theirs else "not_in_the_books"
            self._found.add(place, ours, theirs, cause)

    def _short(self) -> list[tuple[Stream, Valuation]]:
        """Return the streams that did not get as far as the books, for all that was read."""
        wanted = sorted(stream for stream, sequence in self._live.items() if sequence)
        valuations = self._books.valuations
        reached = [(s, valuations.setdefault(s, Valuation(*s))) for s in wanted]
        return [(s, valuation) for s, valuation in reached if valuation.sequence < self._live[s]]

    async def _report_short(self) -> None:
        """Tell of each stream that stays short: which entry could not be made, and why."""
        places = {(*s, valuation.sequence + 1): s for s, valuation in self._short()}
        live = await self._live_entries(list(places))
        for place, stream in places.items():
            refusal = self._books.refused.get(stream)
            cause = "not_in_the_archive" if refusal is None else refusal.code
            self._found.add(place, None, live.get(place), cause)

    async def _live_entries(self, places: list[store.EntryKey]) -> dict[store.EntryKey, Figures]:
        found: dict[store.EntryKey, Figures] = {}
        for start in range(0, len(places), AT_ONCE):
            async with self._database.transaction() as session:
                found |= await store.live_entries(session, places[start : start + AT_ONCE])
                await store.change_running(session, self._id, alive_at=now())
        return found


def _figures(entry: Entry) -> Figures:
    return Figures(entry.quantity, entry.value, entry.cost_of_sales)


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
        "rebuilt_cost_of_sales": None if one.rebuilt is None else f"{one.rebuilt.cost_of_sales:f}",
        "live_cost_of_sales": None if one.live is None else f"{one.live.cost_of_sales:f}",
    }


def _plain(figures: Figures | None) -> str | None:
    return None if figures is None else format(figures.value, "f")
