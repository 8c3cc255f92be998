"""Medians, percentiles and ratios say what they seem to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import (
    latencies_ms,
    paired_ratios,
    per_unit_ms,
    percentile,
    ratio,
    series,
    spread,
)

seconds = st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=50)


def test_a_percentile_lies_between_its_neighbours() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.5
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert percentile([7.0], 99) == 7.0


@given(seconds)
def test_percentiles_stay_within_what_was_measured_and_in_order(values: list[float]) -> None:
    ordered = sorted(values)
    low, middle, high = (percentile(ordered, part) for part in (0, 50, 100))
    assert (low, high) == (ordered[0], ordered[-1])
    assert low <= middle <= high


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def test_latencies_are_told_in_milliseconds() -> None:
    assert latencies_ms([0.004, 0.002, 0.003]) == {"count": 3, "p50": 3.0, "p99": 3.98, "max": 4.0}


def test_no_latency_is_told_where_nothing_was_measured() -> None:
    assert latencies_ms([]) == {"count": 0, "p50": None, "p99": None, "max": None}


def test_a_spread_has_the_median_and_both_ends() -> None:
    assert spread([30.0, 10.0, 14.0]) == {"median": 14.0, "min": 10.0, "max": 30.0}


def test_a_ratio_is_one_of_medians() -> None:
    assert ratio(spread([100.0, 90.0, 500.0]), spread([1000.0, 1100.0, 900.0])) == 0.1


def test_ratios_by_round_compare_what_was_measured_side_by_side() -> None:
    assert paired_ratios([10.0, 5.0, 8.0], [20.0, 20.0, 20.0]) == {
        "median": 0.4,
        "min": 0.25,
        "max": 0.5,
    }


def test_rounds_without_a_partner_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        paired_ratios([1.0, 2.0], [1.0])


def test_processor_time_is_told_per_unit_of_work() -> None:
    assert per_unit_ms({"api": 2.0, "redis": 0.1}, 1000) == {"api": 2.0, "redis": 0.1}


def test_a_series_is_one_figure_of_each_leg() -> None:
    assert series([{"per_second": 1}, {"per_second": 2.5}], "per_second") == [1.0, 2.5]
