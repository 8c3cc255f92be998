"""Rounds of legs taken one after the other; one that somebody else disturbed is taken again."""

from argparse import Namespace
from collections.abc import Callable, Iterable
from typing import Any

from bench.meter import wait_for_quiet

Json = dict[str, Any]


def take(options: Namespace, legs_of: Callable[[], Iterable[Json]], **marks: Any) -> list[Json]:
    """Return the legs of one round; those that were disturbed and repeated say `discarded`.

    Legs that belong together are repeated together: a ratio is of figures taken side by side.
    """
    kept: list[Json] = []
    for tries_left in range(options.repeats, -1, -1):
        wait_for_quiet(options.patience)
        legs: list[Json] = []
        for leg in legs_of():
            legs.append({**marks, **leg})
            tell(legs[-1])
        again = tries_left > 0 and any(leg["disturbed"] for leg in legs)
        kept += [leg | {"discarded": again} for leg in legs]
        if not again:
            break
        print("  disturbed: once more", flush=True)
    return kept


def counted(legs: Iterable[Json]) -> list[Json]:
    """Return the legs that make the figures."""
    return [leg for leg in legs if not leg["discarded"]]


def tell(leg: Json) -> None:
    """Say how a leg went, while the next one runs."""
    names = ("round", "scenario", "how", "clients")
    what = " ".join(f"{name} {leg[name]}" for name in names if name in leg)
    parts = [f"{leg['per_second']:9.1f}/s"] if "per_second" in leg else []
    latency = leg.get("latency_ms")
    if latency:
        parts.append(f"p50 {latency['p50']:.2f} ms, p99 {latency['p99']:.2f} ms")
    others = f"others took {leg['others_share']:.0%}" if leg["disturbed"] else ""
    print(f"{what:48}", *parts, others, flush=True)
