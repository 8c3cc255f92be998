"""`receiving`: goods received by scan through the whole platform, by 16 clerks at 16 sites.

A receipt is two requests: the scan of an order's code in the clerk's scan session, and what was
counted of its 3 to 10 lines, posted at once. A leg at the peak tells receipts and lines a second,
and, with all that happens behind it until inventory and costing have booked the last one, the
processor time of every process.
A leg at a modest rate tells how long it takes from the post until inventory shows the goods as
available. In the end all books must agree.
"""

import asyncio
import json
import os
import random
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

from bench import report
from bench.baskets import agreed, api_of, drained
from bench.doors import Doors, open_doors
from bench.figures import per_unit_ms, spread
from bench.meter import Meter
from bench.rig import ROOT, helper
from bench.rounds import counted, take
from demo.buying import DUE_IN, order_body
from demo.data import Product
from demo.masters import create_masters, wait_for_copies
from demo.plan import Purchase, PurchaseLine
from demo.progress import Show
from demo.waiting import in_parallel
from devstack.errors import StackError
from devstack.ports import LOOPBACK
from devstack.stack import Stack
from servicekit.clock import now

Json = dict[str, Any]
CLERKS = 16
SITES = 16
ITEMS = 2_000
LINES = (3, 10)
QUANTITIES = (1, 48)
WARM_UP = 32
PER_SECOND = 5.0
STEADY_SHARE = 4
"""The leg at a modest rate takes one receipt for so many of a leg at the peak."""
AT_ONCE = 8
PEAK, STEADY = "as fast as it goes", "5 a second"


@dataclass(frozen=True)
class Delivery:
    """What arrives, and an item of it that nothing else brings, if somebody looks for that."""

    purchase: Purchase
    marker: str | None


@dataclass(frozen=True)
class Place:
    """The platform, and the scan sessions that are open at its sites."""

    stack: Stack
    doors: Doors


def run(options: Namespace) -> int:
    """Receive in rounds of a leg at the peak and one at a modest rate."""
    steps, legs = Show(), list[Json]()
    stack = Stack(ROOT / f"receiving-{os.getpid()}", bound=True)
    try:
        with steps.step("Starting the platform"):
            stack.up()
        place = Place(stack, asyncio.run(prepare(stack, looked_for(options), steps)))
        markers = iter(range(looked_for(options)))
        chance = random.Random(options.receipts)  # noqa: S311 - repeatable, guards nothing
        receive(place, asyncio.run(expect(stack, deliveries(chance, WARM_UP))))
        for number in range(1, options.rounds + 1):
            one_round = partial(round_of, place, options.receipts, chance, markers)
            legs += take(options, one_round, round=number)
        books = asyncio.run(agreed(stack))
    finally:
        stack.destroy()
    document = report.compose("receiving", settings_of(options), figures_of(counted(legs)), legs)
    document["figures"] |= books
    written = report.write(document)
    show(document)
    print(f"written to {written}")
    return 0 if set(books["drift"].values()) == {0} else 1


def steady_receipts(receipts: int) -> int:
    """Return how many receipts a leg at a modest rate takes."""
    return max(1, receipts // STEADY_SHARE)


def looked_for(options: Namespace) -> int:
    """Return how many receipts somebody looks for at most, all rounds and tries together."""
    tries: int = options.rounds * (options.repeats + 1)
    return tries * steady_receipts(options.receipts)


async def prepare(stack: Stack, markers: int, steps: Show) -> Doors:
    """Create sites, a supplier and items; return the scan sessions that are open at the sites."""
    names = [f"item-{number}" for number in range(ITEMS)]
    names += [marker_of(number) for number in range(markers)]
    products = [Product(name, name, None) for name in names]
    sites = {site_of(number) for number in range(SITES)}
    async with api_of(stack) as api:
        with steps.step("Creating sites and items", len(sites) + len(products)) as step:
            await create_masters(api, uuid4().hex[:12], sites, products, step)
        with steps.step("Waiting for purchasing and sales to know them"):
            await wait_for_copies(api, len(products), len(sites))
        with steps.step("Opening scan sessions"):
            return await open_doors(api, stack, sites)


def site_of(number: int) -> str:
    """Return where a delivery arrives: at one site after the other."""
    return f"dock-{number % SITES + 1}"


def marker_of(number: int) -> str:
    """Return an item that one receipt alone brings."""
    return f"marker-{number}"


def deliveries(
    chance: random.Random, count: int, markers: Iterator[int] | None = None
) -> list[Delivery]:
    """Return what arrives: 3 to 10 different items each; with markers one of these is the last."""
    return [_delivery(chance, number, markers) for number in range(count)]


def _delivery(chance: random.Random, number: int, markers: Iterator[int] | None) -> Delivery:
    items = [f"item-{one}" for one in chance.sample(range(ITEMS), chance.randint(*LINES))]
    marker = None if markers is None else marker_of(next(markers))
    if marker is not None:
        items[-1] = marker
    lines = tuple(
        PurchaseLine(item, chance.randint(*QUANTITIES), Decimal(chance.randint(50, 5000)) / 100)
        for item in items
    )
    return Delivery(Purchase(site_of(number), lines), marker)


async def expect(stack: Stack, arriving: Sequence[Delivery]) -> list[Json]:
    """Order what arrives; return what the clerks are told of each."""
    due, tag = str((now() + DUE_IN).date()), uuid4().hex
    found: dict[int, Json] = {}
    async with api_of(stack) as api:

        async def order(number: int, one: Delivery) -> None:
            key, body = f"{tag}-{number}", order_body(one.purchase, due)
            placed = await api.must("purchasing", "/orders", f"{key}-order", body)
            found[number] = arrival_of(one, placed, key)

        work = [partial(order, number, one) for number, one in enumerate(arriving)]
        await in_parallel(work, AT_ONCE)
    return [found[number] for number in range(len(arriving))]


def arrival_of(one: Delivery, order: Json, key: str) -> Json:
    """Return an arrival as the clerks' process takes it."""
    lines = [
        {"order_line_no": line["line_no"], "quantity": line["quantity"]} for line in order["lines"]
    ]
    arrival: Json = {
        "key": key,
        "site_id": one.purchase.site_id,
        "code": f"urn:trueshelf:purchase-order:{order['order_id']}",
        "body": {"order_id": order["order_id"], "lines": lines, "post": True},
    }
    if one.marker is not None:
        site_id, quantity = one.purchase.site_id, one.purchase.lines[-1].quantity
        arrival["seen_at"] = f"/stock?site_id={site_id}&item_id={one.marker}"
        arrival["quantity"] = str(quantity)
    return arrival


def round_of(
    place: Place, receipts: int, chance: random.Random, markers: Iterator[int]
) -> Iterator[Json]:
    """Measure one round."""
    yield leg_of(place, PEAK, deliveries(chance, receipts))
    yield leg_of(place, STEADY, deliveries(chance, steady_receipts(receipts), markers), PER_SECOND)


def leg_of(place: Place, how: str, arriving: Sequence[Delivery], rate: float | None = None) -> Json:
    """Receive, and wait until all books have it."""
    stack = place.stack
    status = stack.status()
    if status is None:
        raise StackError("the platform is gone")
    arrivals = asyncio.run(expect(stack, arriving))
    asyncio.run(drained(stack))
    pids = {name: one.pid for name, one in status.processes.items()}
    with Meter(pids) as meter:
        began = time.monotonic()
        told = receive(place, arrivals, rate)
        asyncio.run(drained(stack))
        settled = time.monotonic() - began
    receipts = told["received"]
    lines = sum(len(one.purchase.lines) for one in arriving)
    return {
        "how": how,
        "lines": lines,
        **told,
        "per_second": receipts / told["seconds"],
        "lines_per_second": lines / told["seconds"],
        "booked_per_second": receipts / settled,
        "cpu_ms": per_unit_ms(meter.cpu | {"clerks": meter.helpers}, receipts),
        **meter.told(),
    }


def receive(place: Place, arrivals: Sequence[Json], rate: float | None = None) -> Json:
    """Let the clerks receive; raise unless all is received and, where looked for, was seen."""
    task = {
        name: {
            "host": LOOPBACK,
            "port": int(place.stack.info.service_urls[name].rsplit(":", 1)[1]),
        }
        for name in ("purchasing", "inventory")
    }
    asked = {"clerks": CLERKS, "rate": rate, "doors": place.doors, "arrivals": arrivals}
    told: Json = json.loads(helper("bench.clerks", json.dumps(task | asked)))
    wanted = len(arrivals), sum("seen_at" in one for one in arrivals)
    if (told["received"], told["seen"]) != wanted:
        raise StackError(
            f"received and seen were {told['received']} and {told['seen']} of {wanted}:"
            f" {told['refusals']}"
        )
    return told


def settings_of(options: Namespace) -> Json:
    """Return what was set."""
    return {
        "clerks": CLERKS,
        "sites": SITES,
        "items": ITEMS,
        "rounds": options.rounds,
        "warm_up_receipts": WARM_UP,
        "receipts_per_leg": {
            PEAK: options.receipts,
            STEADY: steady_receipts(options.receipts),
        },
        "lines_per_receipt": f"{LINES[0]} to {LINES[1]}, at random",
        "latency": "of one POST /receipts with `post` as its clerk sees it; the scan is told apart",
        "available": "from sending that until GET /stock shows the goods, looked at every 5 ms",
        "booked_per_second": "until inventory and costing have booked the last of them",
        "cpu_ms_per_receipt": "until then, of each process; clerks are the load generator",
        "fsync": "on",
        "synchronous_commit": "on",
    }


def figures_of(legs: Sequence[Json]) -> Json:
    """Return what is told of each kind of leg."""
    kinds = dict.fromkeys(leg["how"] for leg in legs)
    return {how: _figures([leg for leg in legs if leg["how"] == how]) for how in kinds}


def _figures(legs: Sequence[Json]) -> Json:
    rates = ("per_second", "lines_per_second", "booked_per_second")
    found: Json = {name: spread([leg[name] for leg in legs]) for name in rates}
    for name in ("scan_ms", "latency_ms", "available_ms"):
        for part in ("p50", "p99"):
            values = [leg[name][part] for leg in legs if leg[name]["count"]]
            if values:
                found[f"{name.removesuffix('_ms')}_{part}_ms"] = spread(values)
    return found | {"cpu_ms_per_receipt": legs[-1]["cpu_ms"], "peak_mb": legs[-1]["peak_mb"]}


def show(document: Json) -> None:
    """Print the tables."""
    figures = {name: one for name, one in document["figures"].items() if name != "drift"}
    heads = {
        "per_second": "receipts/s",
        "lines_per_second": "lines/s",
        "booked_per_second": "booked/s",
        "scan_p50_ms": "scan p50 ms",
        "latency_p50_ms": "post p50 ms",
        "latency_p99_ms": "post p99 ms",
        "available_p50_ms": "available p50 ms",
        "available_p99_ms": "available p99 ms",
    }
    rows = [(name, *(one.get(part) for part in heads)) for name, one in figures.items()]
    report.show("receiving", ("", *heads.values()), rows)
    for title, part in (("CPU, ms per receipt", "cpu_ms_per_receipt"), ("peak MB", "peak_mb")):
        processes = sorted({process for one in figures.values() for process in one[part]})
        rows = [
            (process, *(one[part].get(process) for one in figures.values()))
            for process in processes
        ]
        report.show(title, ("", *figures), rows)
