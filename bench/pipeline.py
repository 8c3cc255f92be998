"""`pipeline`: from a posting's commit to its costs, through outbox, relay, Kafka and costing.

First the relay alone over a full outbox, then relay and costing together over a full one: the peak.
Then postings come at a fixed share of that peak, whether or not the last ones are costed yet; told
is how long each fact took from the moment it was due to the commit of its value entry, which the
server notes itself. The reservations that pgbench makes on the same server are the measure.
"""

import asyncio
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any
from uuid import uuid4

import asyncpg

from bench import inventory_rig, report
from bench.costing import APPLIED, CONSUMER, WORKER, all_applied
from bench.facts import stock_facts
from bench.figures import (
    latencies_ms,
    paired_ratios,
    per_unit_ms,
    ratio,
    series,
    spread,
)
from bench.meter import Meter
from bench.relay import RELAY, kit_of, relayed
from bench.reserve import FEW_CLIENTS, ITEMS, same_statements, with_pgbench
from bench.rig import POSTGRES, Rig, rig
from bench.rounds import counted, take
from contracts.inventory import STOCK, StockFact
from devstack.waiting import run_async
from servicekit import outbox
from servicekit.clock import now

Json = dict[str, Any]
SHARE = 0.6
AT_ONCE = 5_000
TICK_SECONDS = 0.02
WARM_UP = timedelta(seconds=1)
RELAYED, PEAK, STEADY = "relay alone", "peak", "steady"
TOOK = """
select extract(epoch from pg_xact_commit_timestamp(xmin) - posted_at)::float8
from value_entry where site_id = $1 and posted_at >= $2
"""
COSTED = "select max(pg_xact_commit_timestamp(xmin)) from value_entry where site_id = $1"
SENT = "select count(*) from outbox_archive where topic = $1"


def run(options: Namespace) -> int:
    """Measure in rounds: the relay, the peak, the steady rate, then reservations by pgbench."""
    legs: list[Json] = []
    with rig("inventory", "costing", kafka=True) as one:
        inventory_rig.stock(one, ITEMS)
        variables, _ = same_statements(one)
        note_commits(one)
        for number in range(1, options.rounds + 1):
            legs += take(options, partial(round_of, one, options, variables), round=number)
    document = report.compose("pipeline", settings_of(options), figures_of(counted(legs)), legs)
    place = report.write(document)
    show(document)
    print(f"written to {place}")
    return 0


def note_commits(one: Rig) -> None:
    """Let the server note when each transaction was committed; it has to start again for that."""
    one.execute(one.postgres.superuser_dsn, "alter system set track_commit_timestamp = on")
    one.postgres.stop()
    one.pids[POSTGRES] = one.postgres.start().pid


def round_of(one: Rig, options: Namespace, variables: dict[str, str]) -> Iterator[Json]:
    """Measure one round."""
    with one.process(RELAY):
        yield relayed(one, options, fresh_site()) | {"how": RELAYED}
        with one.process(WORKER):
            catch_up(one)
            peak = flooded(one, options)
            yield peak
            yield steady(one, options, peak["per_second"] * SHARE)
    yield with_pgbench(one, FEW_CLIENTS, options.seconds, variables | {"hot": "0"})


def fresh_site() -> str:
    """Return a site whose streams nobody has seen."""
    return f"site-{uuid4().hex[:8]}"


def catch_up(one: Rig) -> None:
    """Wait until costing has applied all that the relay ever sent."""
    sent = one.value(one.dsn("inventory"), SENT, STOCK.name)
    run_async(all_applied(one.dsn("costing"), sent))


def flooded(one: Rig, options: Namespace) -> Json:
    """Fill the outbox at one stroke; tell how fast relay and costing together get through it."""
    site_id = fresh_site()
    facts = list(stock_facts(site_id, options.events, options.keys))
    leg = costed(one, site_id, list(batched(iter(facts), AT_ONCE)), 0.0)
    del leg["began"]
    return {"how": PEAK, **leg, "per_second": leg["events"] / leg["seconds"]}


def steady(one: Rig, options: Namespace, per_second: float) -> Json:
    """Post at a fixed rate; tell how long each fact took to its costs."""
    site_id = fresh_site()
    size = max(1, round(per_second * TICK_SECONDS))
    postings = round(options.seconds / TICK_SECONDS)
    facts = stock_facts(site_id, size * postings, options.keys)
    leg = costed(one, site_id, list(batched(facts, size)), TICK_SECONDS)
    warm = leg.pop("began") + WARM_UP
    took = run_async(column(one.dsn("costing"), TOOK, site_id, warm))
    rate = size / TICK_SECONDS
    return {"how": STEADY, **leg, "per_second": rate, "latency_ms": latencies_ms(took)}


def batched(facts: Iterator[StockFact], size: int) -> Iterator[list[StockFact]]:
    """Give the facts of one posting after the other."""
    while part := list(islice(facts, size)):
        yield part


def costed(
    one: Rig, site_id: str, postings: Sequence[list[StockFact]], every_seconds: float
) -> Json:
    """Post, and wait until all is costed; tell how long it took from the first to the last."""
    dsn, events = one.dsn("costing"), sum(map(len, postings))
    before = one.value(dsn, APPLIED, CONSUMER)
    one.settle()
    with Meter(dict(one.pids)) as meter:
        began = run_async(post(one, postings, every_seconds))
        run_async(all_applied(dsn, before + events))
    seconds = (one.value(dsn, COSTED, site_id) - began).total_seconds()
    cpu = per_unit_ms(meter.cpu | {"posting": meter.helpers}, events)
    return {"began": began, "events": events, "seconds": seconds, "cpu_ms": cpu, **meter.told()}


async def post(one: Rig, postings: Sequence[list[StockFact]], every_seconds: float) -> datetime:
    """Commit each posting when it is due, and later ones no later because one took long.

    A posting's facts say when it was due: what it had to wait for is part of what it took.
    """
    context = kit_of(one)
    try:
        began, clock = now(), time.monotonic()
        for number, facts in enumerate(postings):
            due = number * every_seconds
            await asyncio.sleep(max(0.0, clock + due - time.monotonic()))
            at = {"posted_at": began + timedelta(seconds=due)}
            async with context.database.transaction() as session:
                await outbox.add(session, [fact.model_copy(update=at) for fact in facts])
    finally:
        await context.close()
    return began


async def column(dsn: str, query: str, *arguments: Any) -> list[float]:
    """Return a column of numbers."""
    connection = await asyncpg.connect(dsn, command_timeout=300)
    try:
        return [row[0] for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


def settings_of(options: Namespace) -> Json:
    """Return what was set."""
    return {
        "events": options.events,
        "keys": options.keys,
        "rounds": options.rounds,
        "seconds_per_leg": options.seconds,
        "steady": f"{SHARE:.0%} of the round's peak, a posting each {TICK_SECONDS * 1000:.0f} ms;"
        f" the first {WARM_UP.total_seconds():.0f} s are not counted",
        "latency": "from when a posting was due to the commit of its value entries",
        "partitions": STOCK.partitions,
        "workers": 1,
        "pgbench": f"{FEW_CLIENTS} clients, three-line reservations, {options.seconds} s",
        "fsync": "on",
        "synchronous_commit": "on",
        "track_commit_timestamp": "on",
    }


def figures_of(legs: list[Json]) -> Json:
    """Return what is told."""
    base = series([leg for leg in legs if leg["how"] == "pgbench"], "per_second")
    figures: Json = {}
    for how in (RELAYED, PEAK, STEADY):
        mine = [leg for leg in legs if leg["how"] == how]
        rates = series(mine, "per_second")
        figures[how] = {
            "per_second": spread(rates),
            "ratio": ratio(spread(rates), spread(base)),
            "ratio_by_round": paired_ratios(rates, base),
            "cpu_ms_per_event": mine[-1]["cpu_ms"],
        }
    steady_legs = [leg for leg in legs if leg["how"] == STEADY]
    figures[STEADY]["posted_to_costed_ms"] = {
        name: spread([leg["latency_ms"][name] for leg in steady_legs], 1)
        for name in ("p50", "p99", "max")
    }
    figures[f"pgbench_{FEW_CLIENTS}"] = {"per_second": spread(base)}
    return figures


def show(document: Json) -> None:
    """Print the tables."""
    figures = document["figures"]
    rows = [(name, one["per_second"], one.get("ratio")) for name, one in figures.items()]
    report.show("pipeline", ("", "events or reservations/s", "ratio to pgbench"), rows)
    rows = [("posted to costed", *figures[STEADY]["posted_to_costed_ms"].values())]
    report.show("at the steady rate", ("", "p50 ms", "p99 ms", "longest ms"), rows)
