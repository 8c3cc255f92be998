"""FastStream set up so that it loses nothing, and a watchdog for consumers that hang.

FastStream's own defaults acknowledge first, start at the end and create topics by accident; each
is turned round here, and a test asserts it.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage
from prometheus_client import Gauge

from servicekit.bus.consumer import Consumer
from servicekit.bus.reading import record_of
from servicekit.settings import Settings

STALLED_SECONDS = 120.0
LAG = Gauge("trueshelf_consumer_lag", "Records not applied yet", ["consumer", "topic", "partition"])

Records = tuple[ConsumerRecord[Any, Any], ...]


def new_broker(settings: Settings, service: str) -> KafkaBroker:
    """Return the broker of a worker; it only consumes, the relay publishes."""
    return KafkaBroker(
        settings.kafka_bootstrap,
        client_id=f"{service}.worker",
        acks="all",
        enable_idempotence=True,
        allow_auto_create_topics=False,
        graceful_timeout=25.0,
        apply_types=False,
        logger=None,
    )


SUBSCRIBER: dict[str, Any] = {
    "batch": True,
    "auto_offset_reset": "earliest",
    "ack_policy": AckPolicy.NACK_ON_ERROR,
    "isolation_level": "read_committed",
    "max_poll_interval_ms": 300_000,
    "batch_timeout_ms": 50,
}


def subscribe(
    broker: KafkaBroker, consumer: Consumer, topics: Sequence[str], settings: Settings
) -> Any:
    """Let a consumer take the topics' records in batches; return FastStream's subscriber."""
    subscriber = broker.subscriber(
        *topics,
        group_id=consumer.name,
        max_records=settings.consumer_batch_size * consumer.lanes,
        session_timeout_ms=settings.consumer_session_seconds * 1000,
        parser=_tolerant,
        decoder=_records,
        **SUBSCRIBER,
    )

    async def consume(records: Records) -> None:
        await consumer.consume([record_of(record) for record in records])

    subscriber(consume)
    return subscriber


async def _tolerant(
    message: Records, original: Callable[[Records], Awaitable[KafkaMessage]]
) -> KafkaMessage:
    """Keep FastStream from reading headers: one that is not UTF-8 would make it skip the record."""
    bare = tuple(_without_headers(record) for record in message)
    parsed = await original(bare)
    parsed.raw_message = message
    return parsed


def _without_headers(record: ConsumerRecord[Any, Any]) -> ConsumerRecord[Any, Any]:
    return replace(record, headers=())


async def _records(message: KafkaMessage) -> Any:
    return message.raw_message


class Watchdog:
    """Sees a consumer that has records waiting and takes none: aiokafka can hang without a sign."""

    def __init__(self, subscribers: dict[str, Any]) -> None:
        self._subscribers = subscribers
        self._positions: dict[tuple[str, str, int], int] = {}
        self._moved_at = {name: time.monotonic() for name in subscribers}

    async def look(self) -> None:
        """Note positions and lags; call it every few seconds."""
        for name, subscriber in self._subscribers.items():
            lag, moved = await self._state_of(name, subscriber.consumer)
            if moved or not lag:
                self._moved_at[name] = time.monotonic()

    async def _state_of(self, name: str, consumer: Any) -> tuple[int, bool]:
        total, moved = 0, False
        for place in consumer.assignment() if consumer is not None else ():
            position = await consumer.position(place)
            behind = max((consumer.highwater(place) or 0) - position, 0)
            LAG.labels(name, place.topic, place.partition).set(behind)
            total += behind
            mark = (name, place.topic, place.partition)
            moved = moved or self._positions.get(mark) != position
            self._positions[mark] = position
        return total, moved

    def stalled(self) -> list[str]:
        """Return the consumers that have made no way for two minutes in spite of work."""
        present = time.monotonic()
        return [name for name, at in self._moved_at.items() if present - at > STALLED_SECONDS]
