"""`reserve-steady`: reservations at a share of the peak, for long: errors, latency, memory."""

from argparse import Namespace
from typing import Any

from bench import happenings, inventory_rig, report, reserve
from bench.rig import Rig, rig
from demo.memory import size_of_tree

Json = dict[str, Any]
MEGABYTE = 1_000_000
SLICE_SECONDS = 30.0


def run(options: Namespace) -> int:
    """Measure the peak, then a share of it for as long as was asked for."""
    with rig("inventory", kafka=False) as one:
        inventory_rig.stock(one, reserve.ITEMS)
        with one.process(reserve.API):
            peak = reserve.over_http(one, options, hot=False)
            log = happenings.listen(one)
            leg = steady(one, options, peak["per_second"] * options.share / 100)
            happened = happenings.heard(one, log, leg["began_at"])
            journal = happenings.journal(one)
    figures = {
        "peak_per_second": round(peak["per_second"], 1),
        "errors": leg["answers"] - leg["created"],
        **{name: leg[name] for name in ("per_second", "latency_ms", "slices_ms", "memory_mb")},
        "cpu_ms_per_order": leg["cpu_ms"],
        "worst_ms_by_second": leg["worst_ms"],
        "server": happened,
        "journal": journal,
    }
    settings = {
        "clients": options.clients,
        "seconds": options.steady,
        "share_of_peak_percent": options.share,
        "latency": "counted from the time an order was due, not from when it could be sent",
    }
    marks = {"scenario": "steady", "round": 1}
    document = report.compose("reserve-steady", settings, figures, [marks | peak, marks | leg])
    place = report.write(document)
    show(figures)
    print(f"written to {place}")
    return 0


def steady(one: Rig, options: Namespace, rate: float) -> Json:
    """Measure one long leg at a fixed rate, and the memory before and after it."""
    before = memory_mb(one)
    length = Namespace(**vars(options) | {"seconds": options.steady})
    leg = reserve.over_http(one, length, hot=False, rate=rate, slice_seconds=SLICE_SECONDS)
    after = memory_mb(one)
    sizes = {name: {"start": before[name], "end": after[name]} for name in before}
    return leg | {"memory_mb": sizes}


def memory_mb(one: Rig) -> dict[str, float]:
    """Return how large the processes are just now."""
    return {name: round(size_of_tree(pid) / MEGABYTE, 1) for name, pid in one.pids.items()}


def show(figures: Json) -> None:
    """Print the tables."""
    slices = [
        (f"{number * SLICE_SECONDS:.0f} s", taken["count"], taken["p50"], taken["p99"])
        for number, taken in enumerate(figures["slices_ms"])
    ]
    report.show("reserve, steady", ("from", "orders", "p50 ms", "p99 ms"), slices)
    sizes = [(name, mb["start"], mb["end"]) for name, mb in figures["memory_mb"].items()]
    report.show("memory, MB", ("process", "start", "end"), sizes)
    slowest = happenings.beside(figures["worst_ms_by_second"], figures["server"])
    report.show("slowest answers", ("second", "ms", "meanwhile, the server"), slowest)
    print(f"journal: {figures['journal']}")
    print(f"errors: {figures['errors']}")
