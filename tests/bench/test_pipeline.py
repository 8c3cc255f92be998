"""What the benchmark of the whole way makes of its measurements."""

from typing import Any

from bench.facts import stock_facts
from bench.pipeline import PEAK, RELAYED, STEADY, batched, figures_of


def leg(how: str, per_second: float, **more: Any) -> dict[str, Any]:
    return {"how": how, "per_second": per_second, "cpu_ms": {}, **more}


def test_postings_have_the_same_size_and_keep_the_order() -> None:
    facts = list(stock_facts("site", 10, 2))
    parts = list(batched(iter(facts), 4))
    assert [len(part) for part in parts] == [4, 4, 2]
    assert [fact for part in parts for fact in part] == facts


def test_rates_are_told_as_ratios_to_pgbench_of_the_same_round() -> None:
    latency = {"latency_ms": {"p50": 40.0, "p99": 90.0, "max": 120.0}}
    rates = {RELAYED: 8000.0, PEAK: 6000.0, "pgbench": 2000.0}
    legs = [leg(how, rate) for how, rate in rates.items()] + [leg(STEADY, 3600.0, **latency)]
    figures = figures_of(legs)
    assert [figures[how]["ratio"] for how in (RELAYED, PEAK, STEADY)] == [4.0, 3.0, 1.8]
    assert figures[STEADY]["posted_to_costed_ms"]["p99"]["median"] == 90.0
