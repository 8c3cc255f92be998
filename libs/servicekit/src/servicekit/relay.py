"""Sends the outbox to Kafka: in order for each key, one active relay per database, nothing lost.

The relay holds a session advisory lock on the very connection it works with, so that losing the
connection is losing the lock. A flush takes unsent rows in id order, makes one record batch per
topic partition, and moves what the broker acknowledged to the archive. A record batch is written
whole or not at all, so no later event of a key can overtake one that failed.
"""

import asyncio
import contextlib
import time
from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.structs import TopicPartition
from prometheus_client import Counter, Gauge

from contracts.envelope import SPEC_VERSION, source_of
from servicekit.settings import Settings
from servicekit.wakeup import Alarm

log = structlog.get_logger()

BATCH_ROWS = 1000
BATCH_BYTES = 900_000
BACKSTOP_SECONDS = 1.0
HOLD_SECONDS = 1.0
LONGEST_HOLD_SECONDS = 60.0
HOUSEKEEPING_SECONDS = 5.0
LOCK = "select pg_try_advisory_lock(hashtext('trueshelf:relay'))"
UNSENT = """
select id, event_id, topic, key, type, payload, traceparent, occurred_at
from outbox o
where not exists (
    select from unnest($1::text[], $2::text[]) as held(topic, key)
    where held.topic = o.topic and held.key = o.key)
order by id limit $3
"""
MOVE = """
with sent as (delete from outbox where id = any($1::bigint[]) returning *)
insert into outbox_archive
    (id, event_id, topic, key, type, sequence, payload, traceparent, occurred_at)
select id, event_id, topic, key, type, sequence, payload, traceparent, occurred_at from sent
"""
STATE = (
    "select count(*) as pending,"
    " coalesce(extract(epoch from now() - min(occurred_at)), 0) as age from outbox"
)

SENT = Counter("trueshelf_outbox_sent_total", "Events acknowledged by the broker", ["topic"])
FAILED = Counter("trueshelf_outbox_failed_total", "Record batches the broker refused", ["topic"])
PENDING = Gauge("trueshelf_outbox_pending", "Events waiting in the outbox")
AGE = Gauge("trueshelf_outbox_age_seconds", "Age of the oldest event in the outbox")

Row = Mapping[str, Any]
StreamKey = tuple[str, str]


class Relay:
    """The process that empties one service's outbox."""

    def __init__(self, service: str, settings: Settings, alarm: Alarm) -> None:
        self._service = service
        self._settings = settings
        self._alarm = alarm
        self._held: dict[StreamKey, float] = {}
        self._strikes: Counts[str] = Counts()
        self._housekept = 0.0
        self._partitioner = DefaultPartitioner()
        self.alive_at = time.monotonic()
        self.active = False

    async def run(self) -> None:
        """Relay until cancelled; whatever breaks, start again from a fresh connection."""
        listening = asyncio.create_task(self._alarm.listen())
        try:
            while True:
                try:
                    await self._hold_lock_and_send()
                except Exception as error:  # noqa: BLE001 - one left out would end the relay for good
                    log.warning("relay starts over", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(1)
        finally:
            listening.cancel()

    async def _hold_lock_and_send(self) -> None:
        database = await asyncpg.connect(str(self._settings.database_url), command_timeout=60)
        try:
            while not await database.fetchval(LOCK):
                self.alive_at = time.monotonic()
                await asyncio.sleep(2)
            producer = self._new_producer()
            await producer.start()
            self.active = True
            try:
                await self._send_while_healthy(database, producer)
            finally:
                with contextlib.suppress(KafkaError, TimeoutError):
                    async with asyncio.timeout(5):
                        await producer.stop()
        finally:
            self.active = False
            with contextlib.suppress(asyncpg.PostgresError, OSError, TimeoutError):
                await database.close(timeout=2)

    def _new_producer(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            bootstrap_servers=self._settings.kafka_bootstrap,
            client_id=f"{self._service}.relay",
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            compression_type="lz4",
            max_batch_size=BATCH_BYTES,
            max_request_size=BATCH_BYTES + 100_000,
            request_timeout_ms=10_000,
        )

    async def _send_while_healthy(
        self, database: asyncpg.Connection, producer: AIOKafkaProducer
    ) -> None:
        """Send until a batch fails; the caller then rebuilds the producer, which may be stuck."""
        while True:
            self.alive_at = time.monotonic()
            await self._keep_house(database)
            rows = await self._unsent(database)
            acknowledged = await self._send(producer, rows)
            if acknowledged:
                await database.execute(MOVE, acknowledged)
            if len(acknowledged) < len(rows):
                return
            if len(rows) < BATCH_ROWS:
                await self._alarm.wait(BACKSTOP_SECONDS)

    async def _unsent(self, database: asyncpg.Connection) -> Sequence[Row]:
        present = time.monotonic()
        self._held = {key: until for key, until in self._held.items() if until > present}
        topics, keys = [t for t, _ in self._held], [k for _, k in self._held]
        rows: list[Row] = await database.fetch(UNSENT, topics, keys, BATCH_ROWS)
        return rows

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[Row]) -> list[int]:
        """Send each partition's rows in order, partitions side by side; return ids acknowledged."""
        by_partition: dict[TopicPartition, list[Row]] = defaultdict(list)
        for topic in {row["topic"] for row in rows}:
            of_topic = [row for row in rows if row["topic"] == topic]
            try:
                partitions = sorted(await producer.partitions_for(topic))
            except KafkaError as error:
                self._hold(topic, of_topic, error)
                continue
            for row in of_topic:
                number = self._partitioner(row["key"].encode(), partitions, partitions)
                by_partition[TopicPartition(topic, number)].append(row)
        done = await asyncio.gather(
            *(self._send_partition(producer, place, part) for place, part in by_partition.items())
        )
        return [row_id for ids in done for row_id in ids]

    async def _send_partition(
        self, producer: AIOKafkaProducer, place: TopicPartition, rows: list[Row]
    ) -> list[int]:
        acknowledged: list[int] = []
        while len(acknowledged) < len(rows):
            batch = producer.create_batch()
            chunk = 0
            for row in rows[len(acknowledged) :]:
                if batch.append(**self._record(row)) is None:
                    break
                chunk += 1
            batch.close()
            try:
                receipt = await producer.send_batch(batch, place.topic, partition=place.partition)
                async with asyncio.timeout(15):
                    await receipt
            except (KafkaError, TimeoutError) as error:
                self._hold(place.topic, rows[len(acknowledged) :], error)
                break
            SENT.labels(place.topic).inc(chunk)
            self._strikes.pop(place.topic, None)
            acknowledged += [r["id"] for r in rows[len(acknowledged) :][:chunk]]
        return acknowledged

    def _hold(self, topic: str, rows: list[Row], error: Exception) -> None:
        """Let the keys of a failed batch wait, so that others go on meanwhile."""
        FAILED.labels(topic).inc()
        log.error("broker refused a batch", topic=topic, rows=len(rows), error=repr(error))
        self._strikes[topic] += 1
        pause = min(HOLD_SECONDS * 2 ** self._strikes[topic], LONGEST_HOLD_SECONDS)
        until = time.monotonic() + pause
        self._held.update({(row["topic"], row["key"]): until for row in rows})

    def _record(self, row: Row) -> dict[str, object]:
        headers = [
            ("ce_specversion", SPEC_VERSION.encode()),
            ("ce_id", str(row["event_id"]).encode()),
            ("ce_type", row["type"].encode()),
            ("ce_source", source_of(self._service).encode()),
            ("ce_time", row["occurred_at"].isoformat().encode()),
            ("content-type", b"application/json"),
        ]
        if row["traceparent"]:
            headers.append(("traceparent", row["traceparent"].encode()))
        return {
            "key": row["key"].encode(),
            "value": row["payload"].encode(),
            # The broker refuses what is far ahead of its clock: the wall's, whatever ours says.
            "timestamp": int(min(row["occurred_at"].timestamp(), time.time()) * 1000),
            "headers": headers,
        }

    async def _keep_house(self, database: asyncpg.Connection) -> None:
        if time.monotonic() - self._housekept < HOUSEKEEPING_SECONDS:
            return
        self._housekept = time.monotonic()
        await database.execute("select ensure_archive_partitions()")
        state = await database.fetchrow(STATE)
        PENDING.set(state["pending"])
        AGE.set(float(state["age"]))
