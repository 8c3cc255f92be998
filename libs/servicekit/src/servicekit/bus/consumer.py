"""Applies records: a batch in one transaction; if that fails, one by one, parking the culprit."""

import asyncio
import random
import time
from collections import Counter as Counts
from collections.abc import Awaitable, Callable, Sequence

import structlog
from opentelemetry import trace
from opentelemetry.propagate import extract
from prometheus_client import Counter, Histogram
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.bus import inbox, parking
from servicekit.bus.reading import Record, read
from servicekit.bus.subscriptions import Received, Subscription
from servicekit.database import Database
from servicekit.faults import is_transient

log = structlog.get_logger()
tracer = trace.get_tracer("trueshelf")

APPLIED = Counter("trueshelf_inbox_applied_total", "Events applied", ["consumer", "topic"])
REPEATS = Counter("trueshelf_inbox_repeats_total", "Events suppressed as repeats", ["consumer"])
CULPRITS = Counter("trueshelf_parked_total", "Events parked", ["consumer", "topic"])
BATCH_SECONDS = Histogram("trueshelf_batch_seconds", "Time to apply a batch", ["consumer"])

PATIENCE_SECONDS = 200.0
LONGEST_PAUSE_SECONDS = 10.0
TRIES_BEFORE_PARKING = 3
WORTH_A_LANE = 100
"""With fewer records, a second transaction costs more than it gains."""


class Consumer:
    """One subscription's way from records to effects."""

    def __init__(self, subscription: Subscription, database: Database) -> None:
        self._subscription = subscription
        self._database = database
        self.name = subscription.group
        self.lanes = subscription.lanes
        # What has no type is taken by all: it is to be parked.
        self._kinds = {"", *(kind.TYPE for kind in subscription.kinds)}

    async def consume(self, records: Sequence[Record]) -> None:
        """Apply or park every record; raises only if the database stays away too long."""
        records = [r for r in records if not self._subscription.kinds or r.type in self._kinds]
        count = min(self.lanes, 1 + len(records) // WORTH_A_LANE)
        lanes: dict[int, list[Record]] = {}
        for record in records:
            lanes.setdefault(hash(record.key) % count, []).append(record)
        with BATCH_SECONDS.labels(self.name).time():
            # All have ended before a failure is told: what is sent again must not meet itself.
            ends = await asyncio.gather(*map(self._settle, lanes.values()), return_exceptions=True)
        for failure in filter(None, ends):
            raise failure

    async def _settle(self, records: Sequence[Record]) -> None:
        try:
            await self._patiently(lambda: self._apply(records))
        except Exception as error:
            if is_transient(error):
                raise
            if len(records) > 1:
                log.warning("batch failed, going one by one", error=repr(error)[:500])
            for record in records:
                await self._apply_or_park(record)

    async def consume_due(self) -> None:
        """Apply parked messages that were released, and those that waited behind them."""
        while True:
            async with self._database.transaction() as session:
                parking.PARKED.labels(self.name).set(
                    (await parking.count(session)).get(self.name, 0)
                )
                due = await parking.next_due(session, self.name)
                if due is None:
                    return
                place = (due.topic, due.partition, due.offset, due.key)
                record = Record(*place, due.payload, due.headers)
                try:
                    async with session.begin_nested():
                        await self._effects(session, [record])
                    await parking.drop(session, due.id)
                except Exception as error:
                    if is_transient(error):
                        raise
                    await parking.park_again(session, due.id, repr(error))

    async def _apply_or_park(self, record: Record) -> None:
        for attempt in range(1, TRIES_BEFORE_PARKING + 1):
            try:
                return await self._patiently(lambda: self._apply([record]))
            except Exception as error:
                if is_transient(error):
                    raise
                final = error
            await asyncio.sleep(0.05 * attempt)
        log.error("event parked", consumer=self.name, type=record.type, error=repr(final)[:1000])
        CULPRITS.labels(self.name, record.topic).inc()
        return await self._patiently(lambda: self._park(record, repr(final)))

    async def _park(self, record: Record, error: str) -> None:
        async with self._database.transaction() as session:
            await parking.park(session, self.name, [record], "parked", error)

    async def _apply(self, records: Sequence[Record]) -> None:
        async with self._database.transaction() as session:
            blocked = await parking.blocked_keys(session, self.name)
            waiting = [r for r in records if (r.topic, r.key) in blocked]
            going = [r for r in records if (r.topic, r.key) not in blocked]
            if waiting:
                await parking.park(session, self.name, waiting, "behind", "waits for its key")
            await self._effects(session, going)

    async def _effects(self, session: AsyncSession, records: Sequence[Record]) -> None:
        admitted, repeats = await inbox.admit(session, self.name, records)
        received = [event for event in map(read, admitted) if event is not None]
        if received:
            with tracer.start_as_current_span(f"apply {self.name}", links=_links(received)):
                await self._subscription.handle(session, received)
        await inbox.tally(session, self.name, records, admitted)
        REPEATS.labels(self.name).inc(repeats)
        for topic, count in Counts(record.topic for record in admitted).items():
            APPLIED.labels(self.name, topic).inc(count)

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        """Repeat work that fails in passing, with growing pauses; give up after 200 seconds."""
        started, pause = time.monotonic(), 0.05
        while True:
            try:
                return await work()
            except Exception as error:
                if not is_transient(error) or time.monotonic() - started > PATIENCE_SECONDS:
                    raise
                log.warning("will try again", consumer=self.name, error=repr(error)[:300])
            await asyncio.sleep(pause * (0.5 + random.random()))  # noqa: S311 - only jitter
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def _links(batch: Sequence[Received]) -> list[trace.Link]:
    carriers = [{"traceparent": one.traceparent} for one in batch if one.traceparent]
    contexts = [trace.get_current_span(extract(one)).get_span_context() for one in carriers]
    return [trace.Link(one) for one in contexts if one.is_valid]
