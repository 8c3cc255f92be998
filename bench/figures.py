"""Medians, percentiles and ratios: what is told of a series of measurements."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

Json = dict[str, Any]


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return a percentile of values in ascending order, interpolated between its neighbours."""
    if not ordered:
        raise ValueError("a percentile of nothing was asked for")
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def latencies_ms(seconds: Sequence[float]) -> Json:
    """Return count, median, 99th percentile and the longest, in milliseconds."""
    if not seconds:
        return {"count": 0, "p50": None, "p99": None, "max": None}
    ordered = sorted(seconds)
    return {
        "count": len(ordered),
        "p50": round(percentile(ordered, 50) * 1000, 3),
        "p99": round(percentile(ordered, 99) * 1000, 3),
        "max": round(ordered[-1] * 1000, 3),
    }


def spread(values: Sequence[float], digits: int = 1) -> Json:
    """Return the median and the range of the rounds."""
    return {
        "median": round(median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
    }


def ratio(part: Json, whole: Json) -> float:
    """Return the ratio of two medians."""
    return round(float(part["median"] / whole["median"]), 4)


def paired_ratios(parts: Sequence[float], wholes: Sequence[float]) -> Json:
    """Return the median and range of the ratios of measurements taken side by side."""
    pairs = zip(parts, wholes, strict=True)
    return spread([part / whole for part, whole in pairs], digits=4)


def per_unit_ms(cpu_seconds: Mapping[str, float], units: int) -> dict[str, float]:
    """Return the milliseconds of processor time that each process spent on one unit of work."""
    return {name: round(spent * 1000 / units, 4) for name, spent in cpu_seconds.items()}


def series(legs: Sequence[Json], name: str) -> list[float]:
    """Return one figure of each leg."""
    return [float(leg[name]) for leg in legs]
