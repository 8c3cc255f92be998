"""`costing`: stock facts valued per second, against the reservations pgbench makes meanwhile.

The two do different things; what they share is the server. The ratio tells whether costing keeps
up with all the stock that a PostgreSQL of this size could ever be made to move.
"""

import asyncio
import json
import time
from argparse import Namespace
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg

from bench import inventory_rig, report
from bench.figures import paired_ratios, per_unit_ms, ratio, series, spread
from bench.meter import Meter
from bench.reserve import FEW_CLIENTS, ITEMS, same_statements, with_pgbench
from bench.rig import Rig, helper, rig
from bench.rounds import counted, take
from contracts.inventory import STOCK
from costing.valuation.handlers import stock_facts
from devstack.waiting import run_async
from servicekit.settings import Settings

Json = dict[str, Any]
WORKER = "costing.worker"
CONSUMER = "costing.valuation"
BATCH_BYTES = 900_000
DRAIN_SECONDS = 600.0
POLL_SECONDS = 0.2
APPLIED = "select coalesce(sum(applied), 0)::bigint from inbox_tally where consumer = $1"
# A batch's rows have the time at which its transaction began. From the first beginning to the
# last, all batches but the last one were applied.
PACE = """
with batch as (
    select received_at, count(*) as events from inbox
    where consumer = $1 and received_at > $2 group by received_at
), ends as (
    select min(received_at) as first, max(received_at) as last, count(*) as batches,
        sum(events) as events
    from batch
)
select json_build_object(
    'batches', batches, 'events', events,
    'paced_events', events - (select events from batch where received_at = last),
    'seconds', extract(epoch from last - first))::text
from ends
"""


def run(options: Namespace) -> int:
    """Measure in rounds: a full topic valued, then reservations by pgbench."""
    legs: list[Json] = []
    with rig("inventory", "costing", kafka=True) as one:
        inventory_rig.stock(one, ITEMS)
        variables, _ = same_statements(one)
        for number in range(1, options.rounds + 1):
            round_legs = partial(round_of, one, options, variables)
            legs += take(options, round_legs, round=number)
    document = report.compose("costing", settings_of(options), figures_of(counted(legs)), legs)
    place = report.write(document)
    show(document)
    print(f"written to {place}")
    return 0


def round_of(one: Rig, options: Namespace, variables: dict[str, str]) -> Iterator[Json]:
    """Measure one round."""
    yield valued(one, options)
    yield with_pgbench(one, FEW_CLIENTS, options.seconds, variables | {"hot": "0"})


def valued(one: Rig, options: Namespace) -> Json:
    """Fill the topic while nobody listens, then start the worker and let it catch up."""
    dsn = one.dsn("costing")
    fill(one, options)
    one.settle()
    before = one.value(dsn, APPLIED, CONSUMER)
    since = one.value(dsn, "select clock_timestamp()")
    with one.process(WORKER), Meter(dict(one.pids)) as meter:
        began, early = time.monotonic(), one.value(dsn, APPLIED, CONSUMER) - before
        run_async(all_applied(dsn, before + options.events))
        whole = time.monotonic() - began
    pace: Json = json.loads(one.value(dsn, PACE, CONSUMER, since))
    # What was applied before the meter ran is no part of the processor time it saw.
    cpu = per_unit_ms(meter.cpu, options.events - early)
    return {
        "how": "costing",
        "per_second": pace["paced_events"] / pace["seconds"],
        "seconds_from_ready_to_done": round(whole, 3),
        **pace,
        "cpu_ms": cpu,
        **meter.told(),
    }


async def all_applied(dsn: str, count: int) -> None:
    """Wait until so many events were applied; asking over one connection hardly costs anything."""
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while await connection.fetchval(APPLIED, CONSUMER) < count:  # noqa: ASYNC110 - of others
                await asyncio.sleep(POLL_SECONDS)
    finally:
        await connection.close()


def fill(one: Rig, options: Namespace) -> None:
    """Put the facts of fresh streams onto the topic, byte for byte as the relay would."""
    task = {
        "bootstrap": one.bootstrap,
        "topic": STOCK.name,
        "site_id": f"site-{uuid4().hex[:8]}",
        "events": options.events,
        "keys": options.keys,
        "batch_bytes": BATCH_BYTES,
    }
    helper("bench.producer", json.dumps(task))


def settings_of(options: Namespace) -> Json:
    """Return what was set."""
    return {
        "events": options.events,
        "keys": options.keys,
        "rounds": options.rounds,
        "partitions": STOCK.partitions,
        "batch_size_max": Settings.model_fields["consumer_batch_size"].default,
        "workers": 1,
        "transactions_at_a_time": stock_facts("USD").lanes,
        "facts": "of each stream a receipt, then shipments; each shipment also puts an event"
        " into costing's outbox",
        "pgbench": f"{FEW_CLIENTS} clients, three-line reservations, {options.seconds} s",
        "fsync": "on",
        "synchronous_commit": "on",
    }


def figures_of(legs: list[Json]) -> Json:
    """Return what is told."""
    mine = [leg for leg in legs if leg["how"] == "costing"]
    base = [leg for leg in legs if leg["how"] == "pgbench"]
    rate, limit = spread(series(mine, "per_second")), spread(series(base, "per_second"))
    return {
        "costing": {
            "per_second": rate,
            "cpu_ms_per_event": mine[-1]["cpu_ms"],
            "peak_mb": max(leg["peak_mb"][WORKER] for leg in mine),
        },
        f"pgbench_{FEW_CLIENTS}": {
            "per_second": limit,
            "ratio": ratio(rate, limit),
            "ratio_by_round": paired_ratios(series(mine, "per_second"), series(base, "per_second")),
        },
    }


def show(document: Json) -> None:
    """Print the table."""
    figures = document["figures"]
    rows = [(name, one["per_second"], one.get("ratio")) for name, one in figures.items()]
    report.show("costing", ("", "events or reservations/s", "costing's ratio to it"), rows)
