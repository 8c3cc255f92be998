"""The relay and the consumers over a real broker: in order, once, and nothing lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Topic
from contracts.inventory import SITE, SiteDefined, WarehouseDefined
from servicekit import outbox
from servicekit.bus import Received, Subscription, parking
from servicekit.bus.broker import Watchdog, new_broker, subscribe
from servicekit.bus.consumer import Consumer
from servicekit.bus.topics import create_topics
from servicekit.clock import shifted
from servicekit.context import Context
from servicekit.relay import Relay
from servicekit.settings import Settings
from servicekit.tables import inbox
from servicekit.tables import outbox as waiting
from servicekit.tables import outbox_archive as archive
from servicekit.testing import record
from servicekit.wakeup import Alarm

pytestmark = pytest.mark.kafka
DEADLINE_SECONDS = 60.0
NOWHERE = Topic("nobody", "nothing", 1)


class Lost(SiteDefined):
    """An event whose topic nobody has made."""

    TOPIC = NOWHERE


def site(name: str, label: object) -> SiteDefined:
    return SiteDefined(site_id=name, name=str(label), time_zone="UTC")


async def eventually(look: Callable[[], Awaitable[bool]], what: str) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not await look():  # noqa: ASYNC110 - what is waited for is in other hands
            await asyncio.sleep(0.02)
    assert await look(), what


@pytest.fixture
async def context(
    settings: Settings, kafka_broker: Any, redis_server: Any
) -> AsyncIterator[Context]:
    """Return a context with broker and Redis, the service's topics made."""
    change = {"kafka_bootstrap": kafka_broker.bootstrap, "redis_url": redis_server.url}
    wired = Settings(**{**settings.model_dump(), **change})
    context = Context("inventory", wired)
    await create_topics("inventory", wired, [Subscription("test.sites", (SITE,), _ignore)])
    yield context
    await context.close()


@asynccontextmanager
async def relaying(context: Context) -> AsyncIterator[Relay]:
    relay = Relay("inventory", context.settings, Alarm(context.redis, "inventory"))
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def publish(context: Context, *events: SiteDefined) -> None:
    async with context.database.transaction() as session:
        await outbox.add(session, events)


async def publish_and_fail(context: Context, *events: SiteDefined) -> None:
    async with context.database.transaction() as session:
        await outbox.add(session, events)
        raise RuntimeError


async def unsent(context: Context) -> int:
    async with context.database.transaction() as session:
        return await session.scalar(select(func.count()).select_from(waiting)) or 0


async def labels(context: Context, name: str, count: int) -> list[str]:
    """Read what the broker has for a key until it is so many, repeats left out."""
    consumer = AIOKafkaConsumer(
        SITE.name,
        bootstrap_servers=context.settings.kafka_bootstrap,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    found: dict[bytes, str] = {}
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            while len(found) < count:
                record = await consumer.getone()
                if record.key == name.encode():
                    event_id = dict(record.headers)["ce_id"]
                    found.setdefault(event_id, SiteDefined.model_validate_json(record.value).name)
    finally:
        await consumer.stop()
    return list(found.values())


async def test_events_arrive_in_the_order_of_their_key_and_end_in_the_archive(
    context: Context,
) -> None:
    name = uuid4().hex
    async with relaying(context):
        for start in range(0, 2000, 100):
            await publish(context, *(site(name, n) for n in range(start, start + 100)))
        assert await labels(context, name, 2000) == [str(n) for n in range(2000)]
        await eventually(lambda: _are(context, 0), "all that was sent to be archived")

    async with context.database.transaction() as session:
        kept = await session.scalars(select(archive.c.payload).order_by(archive.c.id))
        assert [SiteDefined.model_validate_json(one).name for one in kept] == [
            str(n) for n in range(2000)
        ]


async def test_a_topic_that_is_missing_holds_its_own_events_and_no_others(context: Context) -> None:
    name = uuid4().hex
    async with relaying(context):
        await publish(context, Lost(site_id=name, name="lost", time_zone="UTC"), site(name, "kept"))
        assert await labels(context, name, 1) == ["kept"]
        await eventually(lambda: _are(context, 1), "only the lost one to be left")


async def test_only_one_relay_of_a_database_is_active_and_another_takes_over(
    context: Context,
) -> None:
    async def is_active(relay: Relay) -> bool:
        return relay.active

    async with relaying(context) as second:
        async with relaying(context) as first:
            await eventually(lambda: _either(first, second), "one relay to be active")
            assert first.active != second.active
        await eventually(lambda: is_active(second), "the other to take over")
        name = uuid4().hex
        await publish(context, site(name, "after"))
        assert await labels(context, name, 1) == ["after"]


async def test_a_relay_that_lost_its_connection_goes_on(context: Context) -> None:
    name = uuid4().hex
    async with relaying(context):
        await publish(context, site(name, "before"))
        assert await labels(context, name, 1) == ["before"]
        async with context.database.transaction() as session:
            await session.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_locks"
                    " where locktype = 'advisory' and granted"
                )
            )
        await publish(context, site(name, "after"))
        assert await labels(context, name, 2) == ["before", "after"]


async def test_a_relay_goes_on_whatever_its_driver_says_of_a_broken_connection(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, told = asyncpg.Connection.fetch, []

    async def broken_once(connection: asyncpg.Connection, *args: Any) -> Any:
        if not told:
            told.append("cannot switch to state 12; another operation (2) is in progress")
            raise asyncpg.InternalClientError(told[0])
        return await fetch(connection, *args)

    monkeypatch.setattr(asyncpg.Connection, "fetch", broken_once)
    name = uuid4().hex
    async with relaying(context):
        await publish(context, site(name, "after"))
        assert await labels(context, name, 1) == ["after"]
    assert told


async def test_what_was_rolled_back_is_never_sent(context: Context) -> None:
    name = uuid4().hex
    async with relaying(context):
        with pytest.raises(RuntimeError):
            await publish_and_fail(context, site(name, "never"))
        await publish(context, site(name, "ever"))
        assert await labels(context, name, 1) == ["ever"]


async def test_a_worker_applies_each_event_once_whatever_its_headers_hold(context: Context) -> None:
    name, seen = uuid4().hex, []

    async def note(_: AsyncSession, batch: Sequence[Received]) -> None:
        seen.extend(one.event.name for one in batch if one.key == name)

    consumer = Consumer(Subscription(f"test.{name}", (SITE,), note), context.database)
    broker = new_broker(context.settings, "inventory")
    subscriber = subscribe(broker, consumer, [SITE.name], context.settings)
    watchdog = Watchdog({consumer.name: subscriber})
    await broker.start()
    try:
        await send(context, name, ["a", "b", "a", "c"])

        async def all_there() -> bool:
            return len(seen) >= 3

        await eventually(all_there, "three events to be applied")
        await watchdog.look()
        assert (seen, watchdog.stalled()) == (["a", "b", "c"], [])
    finally:
        await broker.stop()


async def test_a_consumer_records_only_the_kinds_it_takes_and_still_parks_what_has_none(
    context: Context,
) -> None:
    name, seen = uuid4().hex, []

    async def note(_: AsyncSession, batch: Sequence[Received]) -> None:
        seen.extend(one.event for one in batch)

    kinds = (WarehouseDefined,)
    consumer = Consumer(Subscription(name, (SITE,), note, kinds=kinds), context.database)
    house = WarehouseDefined(site_id=name, warehouse_id="back", name="Back")
    nameless = replace(record(site("other", "b"), uuid4()), headers={})
    await consumer.consume([record(site(name, "a"), uuid4()), record(house, uuid4()), nameless])
    async with context.database.transaction() as session:
        mine = select(func.count()).where(inbox.c.consumer == name)
        kept = await session.scalar(mine)
        parked = await parking.count(session)
    assert (seen, kept, parked[name]) == ([house], 1, 1)


async def test_an_event_that_waited_for_years_still_reaches_its_consumers(context: Context) -> None:
    async with context.database.transaction() as session:
        await outbox.add(session, [site(name := uuid4().hex, "old")])
        await session.execute(update(waiting).values(occurred_at=datetime(2001, 1, 1, tzinfo=UTC)))
    async with relaying(context):
        assert await labels(context, name, 1) == ["old"]
    admin = AIOKafkaAdminClient(bootstrap_servers=context.settings.kafka_bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, SITE.name)]
        )
    finally:
        await admin.close()
    kept = {entry[0]: entry[1] for entry in answer.resources[0][4]}
    assert kept["retention.ms"] == "-1"


async def test_an_event_of_a_process_whose_clock_is_ahead_is_sent_all_the_same(
    context: Context,
) -> None:
    """A broker takes nothing that is more than an hour ahead of its own clock."""
    name = f"s-{uuid4().hex[:8]}"
    with shifted(timedelta(days=2)):
        await publish(context, site(name, "ahead"))
    async with relaying(context):
        assert await labels(context, name, 1) == ["ahead"]


async def test_making_topics_twice_is_fine(context: Context) -> None:
    await create_topics("inventory", context.settings, [])


async def send(context: Context, key: str, names: Sequence[str]) -> None:
    """Send events, the same name under the same id, with a header that is no text."""
    ids = {name: str(uuid4()).encode() for name in names}
    producer = AIOKafkaProducer(bootstrap_servers=context.settings.kafka_bootstrap, acks="all")
    await producer.start()
    try:
        for name in names:
            await producer.send_and_wait(
                SITE.name,
                site(key, name).model_dump_json().encode(),
                key=key.encode(),
                headers=[
                    ("ce_id", ids[name]),
                    ("ce_type", SiteDefined.TYPE.encode()),
                    ("odd", b"\xff\xfe"),
                ],
            )
    finally:
        await producer.stop()


async def _are(context: Context, count: int) -> bool:
    return await unsent(context) == count


async def _either(first: Relay, second: Relay) -> bool:
    return first.active or second.active


async def _ignore(_: AsyncSession, __: Sequence[Received]) -> None:
    """Do nothing with a batch."""
