"""Value movements: each stream's facts in ledger order, however they came.

A fact that was applied before is passed over, one that comes before its turn is kept until the gap
closes, and an arrival until its dispatch has a value. So the same facts give the same costs in any
order and with any repeats.

A batch locks the streams of its facts, and those to which they send goods: whoever values a
dispatch has the receiving stream in hand, and lets what waits there go on at once. An arrival that
found no dispatch was committed before that lock was given, so none is overlooked.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import StockFact
from costing.valuation.domain.books import Books, Movements
from costing.valuation.domain.movement import Entry, EntryKey, Movement, Stream
from costing.valuation.domain.refusals import StreamsOvertaken
from costing.valuation.store import pending, streams, transits
from costing.valuation.store.pending import Pending
from costing.valuation.use_cases.tell_costs import costs_told
from costing.valuation.use_cases.translate_facts import (
    destination_of,
    fact_of,
    movement_of,
    must_be_in,
)
from servicekit import outbox
from servicekit.clock import now

Facts = dict[Stream, dict[int, StockFact]]


async def value_movements(session: AsyncSession, facts: Sequence[StockFact], currency: str) -> None:
    """Apply a batch of stock facts to the values of their streams."""
    at = now()
    fresh: Facts = {}
    for fact in facts:
        must_be_in(currency, fact)
        fresh.setdefault((fact.site_id, fact.item_id), {})[fact.sequence] = fact
    concerned, _ = await _reach(session, fresh)
    valuations = await streams.lock(session, concerned)
    reached, kept = await _reach(session, fresh)
    if not reached <= concerned:
        raise StreamsOvertaken
    movements = {s: _movements(kept.get(s, {}) | fresh.get(s, {})) for s in reached}
    books = await _open(session, Books(valuations), movements)
    entries = books.advance(movements)
    _must_be_true(books, fresh)
    await pending.keep(session, _early(fresh, books), at)
    if entries:
        await _save(session, books, entries, kept, at)
        await outbox.add(session, costs_told(entries, currency, at))


async def _reach(session: AsyncSession, fresh: Facts) -> tuple[set[Stream], Facts]:
    """Return the streams that can go on with these facts, and the facts that wait in them."""
    kept: Facts = {}
    found = set(fresh) | _destinations(fresh)
    unread = found
    while unread:
        waiting = await pending.take(session, unread)
        more = {s: {n: fact_of(one) for n, one in row.items()} for s, row in waiting.items()}
        kept |= more
        unread = _destinations(more) - found
        found |= unread
    return found, kept


def _destinations(facts: Facts) -> set[Stream]:
    given = (destination_of(fact) for row in facts.values() for fact in row.values())
    return {stream for stream in given if stream is not None}


def _movements(facts: Mapping[int, StockFact]) -> dict[int, Movement]:
    return {number: movement_of(fact) for number, fact in facts.items()}


async def _open(session: AsyncSession, books: Books, movements: Movements) -> Books:
    """Add what movements need: the entries that they go back to, and the goods in transit."""
    named: set[EntryKey] = set()
    arrived: set[EntryKey] = set()
    about = {
        one.came_by for row in movements.values() for one in row.values() if one.came_by is not None
    }
    for stream, row in movements.items():
        for one in row.values():
            named |= {(*stream, number) for number in one.goes_back_to}
            if one.dispatch is not None:
                arrived.add(one.dispatch)
    books.past = await streams.past(session, named)
    books.later = await streams.later(session, about)
    arrived |= {one.dispatch for one in books.past.values() if one.dispatch is not None}
    books.transits = await transits.lock(session, arrived)
    return books


def _must_be_true(books: Books, fresh: Facts) -> None:
    """Refuse the batch for a fact of its own; a kept one just stays, and its stream with it."""
    for stream, refusal in books.refused.items():
        if books.valuations[stream].sequence + 1 in fresh.get(stream, {}):
            raise refusal


def _early(fresh: Facts, books: Books) -> Iterator[tuple[EntryKey, Pending]]:
    for stream, row in fresh.items():
        reached = books.valuations[stream].sequence
        for number, fact in row.items():
            if number > reached:
                yield (*stream, number), Pending(fact.TYPE, fact.model_dump_json())


async def _save(
    session: AsyncSession, books: Books, entries: Sequence[Entry], kept: Facts, at: datetime
) -> None:
    moved = sorted({entry.movement.stream for entry in entries})
    changed = [books.valuations[stream] for stream in moved]
    on_the_way = {entry.dispatch for entry in entries if entry.dispatch is not None}
    await streams.append(session, entries, at)
    await streams.save(session, changed)
    await transits.save(session, [books.transits[key] for key in sorted(on_the_way)])
    await pending.drop(session, [one for one in changed if one.stream in kept])
