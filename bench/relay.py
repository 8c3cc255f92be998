"""`relay`: the relay over a full outbox, against a bare producer sending the same bytes."""

import asyncio
import json
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any

import asyncpg

from bench import report
from bench.facts import stock_fact, stock_facts
from bench.figures import latencies_ms, paired_ratios, per_unit_ms, ratio, series, spread
from bench.meter import Meter
from bench.rig import Rig, helper, rig
from bench.rounds import counted, take
from contracts.inventory import STOCK, StockFact
from devstack.waiting import run_async
from servicekit import outbox
from servicekit.clock import now
from servicekit.context import Context
from servicekit.ids import new_id
from servicekit.settings import Settings

Json = dict[str, Any]
RELAY = "inventory.relay"
EVERY_SECONDS = 0.02
POLL_SECONDS = 0.01
DRAIN_SECONDS = 300.0
# aiokafka's own default, and what the relay uses.
BATCH_BYTES = {"producer, default batches": 16_384, "producer, large batches": 900_000}
COLUMNS = ("event_id", "topic", "key", "type", "sequence", "payload", "occurred_at")


def run(options: Namespace) -> int:
    """Measure in rounds: the relay, then the bare producer; then the relay at a low rate."""
    legs: list[Json] = []
    with rig("inventory", kafka=True) as one, one.process(RELAY):
        for measure in (full_and_bare, at_low_rate):
            for number in range(1, options.rounds + 1):
                fresh = count(1)
                round_legs = partial(measure, one, options, number, fresh)
                legs += take(options, round_legs, round=number)
    rate = {
        how: [leg for leg in counted(legs) if leg["how"] == how]
        for how in ("relay", *BATCH_BYTES, "slow")
    }
    document = report.compose("relay", settings_of(options), figures_of(rate), legs)
    place = report.write(document)
    show(document)
    print(f"written to {place}")
    return 0


def kit_of(one: Rig) -> Context:
    """Return what a service's process has, so that events enter the outbox in the usual way."""
    service = one.plan.services[0]
    environment = one.plan.process_environment(service, "api")
    fields = {name.removeprefix("TRUESHELF_").lower(): v for name, v in environment.items()}
    return Context(service.name, Settings.model_validate(fields))


def full_and_bare(
    one: Rig, options: Namespace, number: int, tries: Iterator[int]
) -> Iterator[Json]:
    """Measure the relay over a full outbox, then bare producers with the same events."""
    site_id = f"full-{number}-{next(tries)}"
    yield relayed(one, options, site_id)
    for how in BATCH_BYTES:
        yield bare(one, options, how, site_id)


def relayed(one: Rig, options: Namespace, site_id: str) -> Json:
    """Fill the outbox at one stroke, wake the relay, and wait until the last event is archived."""
    facts = list(stock_facts(site_id, options.events, options.keys))
    one.settle()
    with Meter(dict(one.pids)) as meter:
        seconds = run_async(fill_and_drain(one, facts))
    cpu = per_unit_ms(meter.cpu | {"filling and waiting": meter.helpers}, len(facts))
    return {
        "how": "relay",
        "events": len(facts),
        "seconds": seconds,
        "per_second": len(facts) / seconds,
        "cpu_ms": cpu,
        **meter.told(),
    }


async def fill_and_drain(one: Rig, facts: Sequence[StockFact]) -> float:
    """Return the seconds from the commit of the events to the archiving of the last."""
    context = kit_of(one)
    connection = await asyncpg.connect(one.dsn("inventory"))
    at = now()
    rows = [
        (new_id(), STOCK.name, f.key, f.TYPE, f.sequence, f.model_dump_json(), at) for f in facts
    ]
    try:
        async with connection.transaction():
            await connection.copy_records_to_table("outbox", records=rows, columns=COLUMNS)
            last = await connection.fetchval("select max(id) from outbox")
        began = time.perf_counter()
        await wake(context)
        async with asyncio.timeout(DRAIN_SECONDS):
            while await connection.fetchval("select 1 from outbox where id = $1", last):  # noqa: ASYNC110 - what is waited for happens in another process
                await asyncio.sleep(POLL_SECONDS)
        return time.perf_counter() - began
    finally:
        await connection.close()
        await context.close()


async def wake(context: Context) -> None:
    """Wake the relay as the kit does after a commit: an event of its own rides along."""
    async with context.database.transaction() as session:
        await outbox.add(session, [stock_fact("wake", "item", 1)])


def bare(one: Rig, options: Namespace, how: str, site_id: str) -> Json:
    """Send as many events of the same kind from a bare producer."""
    task = {
        "bootstrap": one.bootstrap,
        "topic": STOCK.name,
        "site_id": site_id,
        "events": options.events,
        "keys": options.keys,
        "batch_bytes": BATCH_BYTES[how],
    }
    with Meter(dict(one.pids)) as meter:
        result: Json = json.loads(helper("bench.producer", json.dumps(task)))
    cpu = per_unit_ms({"producer": result["cpu_seconds"]}, result["events"])
    return {"how": how, **result, "cpu_ms": cpu, **meter.told()}


def at_low_rate(one: Rig, options: Namespace, number: int, tries: Iterator[int]) -> Iterator[Json]:
    """Commit one event each 20 ms; tell how long after the commit the broker had it."""
    one.settle()
    site_id = f"slow-{number}-{next(tries)}"
    with Meter(dict(one.pids)) as meter:
        taken = run_async(one_by_one(one, options.seconds, site_id))
    yield {"how": "slow", "latency_ms": latencies_ms(taken), **meter.told()}


async def one_by_one(one: Rig, seconds: int, site_id: str) -> list[float]:
    """Return the seconds from each commit to the broker's acknowledgement.

    The relay archives an event right after its acknowledgement; that transaction's time is taken.
    """
    context, committed = kit_of(one), list[float]()
    try:
        began = time.monotonic()
        for sequence in range(1, round(seconds / EVERY_SECONDS) + 1):
            due = began + sequence * EVERY_SECONDS
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            async with context.database.transaction() as session:
                await outbox.add(session, [stock_fact(site_id, "item", sequence)])
            committed.append(time.time())
        acknowledged = await archived(one, f"{site_id}:item", len(committed))
    finally:
        await context.close()
    return [max(0.0, sent - at) for sent, at in zip(acknowledged, committed, strict=True)]


async def archived(one: Rig, key: str, count: int) -> list[float]:
    """Return when each event of a key was archived, once all are."""
    query = (
        "select array_agg(extract(epoch from sent_at)::float8 order by sequence)"
        " from outbox_archive where topic = $1 and key = $2"
    )
    connection = await asyncpg.connect(one.dsn("inventory"))
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while True:
                times: list[float] = await connection.fetchval(query, STOCK.name, key) or []
                if len(times) == count:
                    return times
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


def settings_of(options: Namespace) -> Json:
    """Return what was set."""
    return {
        "events": options.events,
        "keys": options.keys,
        "rounds": options.rounds,
        "partitions": STOCK.partitions,
        "low_rate": f"one event each {EVERY_SECONDS * 1000:.0f} ms for {options.seconds} s",
        "acks": "all",
        "idempotent": True,
        "compression": "lz4",
        "batch_bytes": BATCH_BYTES,
        "fsync": "on",
        "synchronous_commit": "on",
    }


def figures_of(legs: dict[str, list[Json]]) -> Json:
    """Return what is told."""
    relay, slow = legs["relay"], legs["slow"]
    figures: Json = {
        "relay": {
            "per_second": spread(series(relay, "per_second")),
            "peak_mb": max(leg["peak_mb"][RELAY] for leg in relay),
            "cpu_ms_per_event": relay[-1]["cpu_ms"],
        },
        "commit_to_broker_ms": {
            name: spread([leg["latency_ms"][name] for leg in slow], 2) for name in ("p50", "p99")
        },
    }
    for how in BATCH_BYTES:
        rates = series(legs[how], "per_second")
        figures[how] = {"per_second": spread(rates)}
        figures[how]["ratio"] = ratio(figures["relay"]["per_second"], figures[how]["per_second"])
        figures[how]["ratio_by_round"] = paired_ratios(series(relay, "per_second"), rates)
    return figures


def show(document: Json) -> None:
    """Print the tables."""
    figures = document["figures"]
    rows = [
        (name, figures[name]["per_second"], figures[name].get("ratio"))
        for name in ("relay", *BATCH_BYTES)
    ]
    report.show("relay", ("", "events/s", "relay's ratio to it"), rows)
    rows = [("commit to broker", *figures["commit_to_broker_ms"].values())]
    report.show("one event each 20 ms", ("", "p50 ms", "p99 ms"), rows)
