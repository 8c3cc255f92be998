"""Rounds of legs taken one after the other; one that somebody else disturbed is taken again."""

from argparse import Namespace
from collections.abc import Callable, Iterable
from typing import Any

from bench.meter import wait_for_quiet

Json = dict[str, Any]


def take(options: Namespace, legs_of: Callable[[], Iterable[Json]], **marks: Any) -> list[Json]:
    """Return the legs of all tries of one round; those of all tries but one say `discarded`.

    Legs that belong together are repeated together: a ratio is of figures taken side by side.
    Where it never gets quiet, the try that others disturbed least counts, whatever its figures.
    """
    tries: list[list[Json]] = []
    for number in range(options.repeats + 1):
        wait_for_quiet(options.patience)
        legs: list[Json] = []
        for leg in legs_of():
            legs.append({**marks, "try": number + 1, **leg})
            tell(legs[-1])
        tries.append(legs)
        if not any(leg["disturbed"] for leg in legs):
            break
    best = min(tries, key=lambda legs: max(float(leg["others_share"]) for leg in legs))
    return [leg | {"discarded": legs is not best} for legs in tries for leg in legs]


def counted(legs: Iterable[Json]) -> list[Json]:
    """Return the legs that make the figures."""
    return [leg for leg in legs if not leg["discarded"]]


def tell(leg: Json) -> None:
    """Say how a leg went, while the next one runs."""
    names = ("round", "try", "scenario", "how", "clients")
    what = " ".join(f"{name} {leg[name]}" for name in names if name in leg)
    parts = [f"{leg['per_second']:9.1f}/s"] if "per_second" in leg else []
    latency = leg.get("latency_ms")
    if latency:
        parts.append(f"p50 {latency['p50']:.2f} ms, p99 {latency['p99']:.2f} ms")
    others = f"others took {leg['others_share']:.0%}" if leg["disturbed"] else ""
    print(f"{what:52}", *parts, others, flush=True)
