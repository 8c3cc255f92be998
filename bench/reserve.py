"""`reserve`: three-line reservations over HTTP, against pgbench doing the same on one server."""

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from bench import inventory_rig, report
from bench.figures import paired_ratios, per_unit_ms, ratio, series, spread
from bench.meter import Meter
from bench.pgbench import Run, pgbench
from bench.rig import POSTGRES, Rig, helper, rig
from bench.rounds import counted, take
from bench.statements import scripted, shape
from devstack.errors import StackError

Json = dict[str, Any]
SCRIPT = Path(__file__).with_name("reserve.sql")
ITEMS = 10_000
WARM_UP_SECONDS = 1.0
FEW_CLIENTS = 8
UNIFORM, HOT = "uniform", "hot item"
API = "inventory.api"
PACED = "http at pgbench's rate"


def run(options: Namespace) -> int:
    """Measure in rounds: the service, pgbench with few clients, pgbench with as many clients."""
    with rig("inventory", kafka=False) as one:
        inventory_rig.stock(one, ITEMS)
        variables, statements = same_statements(one)
        legs: list[Json] = []
        with one.process(API):
            for number in range(1, options.rounds + 1):
                for name in (UNIFORM, HOT):
                    round_legs = partial(round_of, one, options, name, variables)
                    legs += take(options, round_legs, round=number, scenario=name)
    figures = {
        scenario: figures_of(counted(legs), scenario, options.clients)
        for scenario in (UNIFORM, HOT)
    }
    settings = {
        "clients": options.clients,
        "rounds": options.rounds,
        "seconds_per_leg": options.seconds,
        "items": ITEMS,
        "lines": 3,
        "fsync": "on",
        "synchronous_commit": "on",
        "uvicorn_workers": 1,
        "relay": "not running",
        "pgbench": "prepared statements, one transaction per reservation",
        "statements": statements,
    }
    document = report.compose("reserve", settings, figures, legs)
    place = report.write(document)
    show(document)
    print(f"written to {place}")
    return 0


def same_statements(one: Rig) -> tuple[dict[str, str], list[str]]:
    """Return the script's variables, made from a real reservation that asked for the same."""
    statements, answer, event = inventory_rig.listen_to_one_reservation(one)
    asked, scripted_shape = shape(statements), shape(scripted(SCRIPT.read_text()))
    if asked != scripted_shape:
        raise StackError(
            f"{SCRIPT.name} is no longer what the service asks of its database:\n"
            f"  service: {asked}\n  script:  {scripted_shape}"
        )
    variables = {
        "items": str(ITEMS),
        "hash": f"\\x{sha256(answer).hexdigest()}",
        "answer": f"\\x{answer.hex()}",
        "payload": event,
    }
    return variables, asked


def round_of(
    one: Rig, options: Namespace, scenario: str, variables: dict[str, str]
) -> Iterator[Json]:
    """Measure one round of a scenario; its last leg is HTTP at the rate that pgbench's many had."""
    hot = scenario == HOT
    yield over_http(one, options, hot=hot)
    for clients in sorted({FEW_CLIENTS, options.clients}):
        leg = with_pgbench(one, clients, options.seconds, variables | {"hot": str(int(hot))})
        yield leg
    yield over_http(one, options, hot=hot, rate=leg["per_second"]) | {"how": PACED}


def over_http(one: Rig, options: Namespace, *, hot: bool, **pace: float) -> Json:
    """Measure reservations over HTTP; the load comes from a process of its own.

    `pace` is a fixed rate, if there is one, and the slices of time that are told apart.
    """
    task = {
        "target": asdict(inventory_rig.target(one)),
        "clients": options.clients,
        "seconds": options.seconds,
        "warm_up_seconds": WARM_UP_SECONDS,
        "items": ITEMS,
        "hot": hot,
        "seed": 7,
        **pace,
    }
    one.settle()
    with Meter(dict(one.pids)) as meter:
        result: Json = json.loads(helper("bench.load", json.dumps(task)))
    if result["refusals"]:
        raise StackError(f"not all were reserved: {result['statuses']} {result['refusals']}")
    # The processor time is of the whole leg, so it goes by the answers of the whole leg.
    cpu = per_unit_ms(meter.cpu | {"load generator": meter.helpers}, result["answers"])
    return {"how": "http", "clients": options.clients, **result, "cpu_ms": cpu, **meter.told()}


def with_pgbench(one: Rig, clients: int, seconds: int, variables: dict[str, str]) -> Json:
    """Measure the same statements from pgbench."""
    one.settle()
    with Meter({POSTGRES: one.pids[POSTGRES]}) as meter:
        result = pgbench(Run(one.dsn("inventory"), SCRIPT, clients, seconds, variables))
    cpu = per_unit_ms(meter.cpu | {"pgbench": meter.helpers}, result["done"])
    return {"how": "pgbench", "clients": clients, **result, "cpu_ms": cpu, **meter.told()}


def figures_of(legs: list[Json], scenario: str, clients: int) -> Json:
    """Return what is told of one scenario."""
    mine = [leg for leg in legs if leg["scenario"] == scenario]
    http = [leg for leg in mine if leg["how"] == "http"]
    figures: Json = {
        "http": summary(http),
        "http_paced": summary([leg for leg in mine if leg["how"] == PACED]),
        "peak_mb": {API: max(leg["peak_mb"][API] for leg in http)},
    }
    for count in sorted({FEW_CLIENTS, clients}):
        base = [leg for leg in mine if leg["how"] == "pgbench" and leg["clients"] == count]
        told = figures[f"pgbench_{count}"] = summary(base)
        told["ratio"] = ratio(figures["http"]["per_second"], told["per_second"])
        told["ratio_by_round"] = paired_ratios(
            series(http, "per_second"), series(base, "per_second")
        )
    return figures


def summary(legs: list[Json]) -> Json:
    """Return medians and ranges over the rounds."""
    return {
        "per_second": spread(series(legs, "per_second")),
        "p50_ms": spread([leg["latency_ms"]["p50"] for leg in legs], 2),
        "p99_ms": spread([leg["latency_ms"]["p99"] for leg in legs], 2),
        "cpu_ms_per_order": {
            name: round(median(leg["cpu_ms"][name] for leg in legs), 3)
            for name in legs[0]["cpu_ms"]
        },
    }


def show(document: Json) -> None:
    """Print the tables."""
    heads = ("", "orders/s", "p50 ms", "p99 ms", "http ratio")
    for scenario, figures in document["figures"].items():
        legs = {name: one for name, one in figures.items() if name != "peak_mb"}
        rows = [
            (label(name), one["per_second"], one["p50_ms"], one["p99_ms"], one.get("ratio"))
            for name, one in legs.items()
        ]
        report.show(f"reserve, {scenario}", heads, rows)
        spent = [
            (label(name), who, ms)
            for name, one in legs.items()
            for who, ms in one["cpu_ms_per_order"].items()
        ]
        report.show(f"processor time, {scenario}", ("", "process", "ms per order"), spent)


def label(name: str) -> str:
    """Return how a leg is called in a table."""
    return PACED if name == "http_paced" else name.replace("_", ", clients: ")
