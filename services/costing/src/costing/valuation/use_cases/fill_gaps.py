"""Fill gaps: what is missing in a stream is asked of inventory, whose archive has every fact."""

from collections.abc import AsyncIterator
from datetime import timedelta

import structlog

from contracts.inventory import StockArrived, StockFact
from costing import inventory_client
from costing.valuation.domain.movement import Stream
from costing.valuation.store import pending
from costing.valuation.use_cases.translate_facts import fact_of
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
    filler = Filler(database, inventory, currency)
    async for stream in _delayed(database):
        try:
            await filler.help_on(stream)
        except Exception as error:
            if is_transient(error):
                raise
            log.warning("gap not filled", stream=":".join(stream), error=repr(error)[:500])


async def _delayed(database: Database) -> AsyncIterator[Stream]:
    before, after = now() - PATIENCE, FIRST
    while True:
        async with database.transaction() as session:
            found = await pending.delayed(session, before, after)
        for one in found:
            yield one.site_id, one.item_id
        if len(found) < pending.AT_ONCE:
            return
        after = (found[-1].site_id, found[-1].item_id)


class Filler:
    """Lets streams go on that have waited."""

    def __init__(self, database: Database, inventory: ServiceClient, currency: str) -> None:
        self._database = database
        self._inventory = inventory
        self._currency = currency

    async def help_on(self, stream: Stream) -> None:
        """Find out what a stream waits for, and get it."""
        sequence, due = await self._next_of(stream)
        if due is None:
            await self._ask(stream, sequence)
            return
        await self._apply([due])
        if isinstance(due, StockArrived) and await self._next_of(stream) == (sequence, due):
            sender = (due.from_site_id, due.item_id)
            await self._ask(sender, (await self._next_of(sender))[0])

    async def _next_of(self, stream: Stream) -> tuple[int, StockFact | None]:
        async with self._database.transaction() as session:
            sequence, kept = await pending.next_of(session, stream)
        return sequence, None if kept is None else fact_of(kept)

    async def _ask(self, stream: Stream, after: int) -> None:
        asked = inventory_client.facts(self._inventory, ":".join(stream), after)
        missed = [fact async for fact in asked]
        if missed:
            await self._apply(missed)

    async def _apply(self, facts: list[StockFact]) -> None:
        async with self._database.transaction() as session:
            await value_movements(session, facts, self._currency)
