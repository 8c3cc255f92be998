"""What arrives in the benchmark of receiving, and how the clerks say so."""

import json
import random
from argparse import Namespace
from decimal import Decimal
from itertools import count

from bench.clerks import available, timed
from bench.receiving import (
    Delivery,
    arrival_of,
    deliveries,
    figures_of,
    looked_for,
    settings_of,
    steady_receipts,
)


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable, guards nothing


OPTIONS = Namespace(rounds=3, repeats=2, receipts=600)


def test_deliveries_have_three_to_ten_different_items_and_are_the_same_again() -> None:
    first, again = (deliveries(chance(7), 50) for _ in range(2))
    assert first == again
    for one in first:
        items = [line.item_id for line in one.purchase.lines]
        assert 3 <= len(set(items)) == len(items) <= 10
        assert one.marker is None
    assert len({one.purchase.site_id for one in first}) == 16


def test_what_somebody_looks_for_comes_with_one_receipt_alone() -> None:
    markers = count()
    legs = [deliveries(chance(1), 20, markers) for _ in range(2)]
    found = [one.marker for leg in legs for one in leg]
    assert len(set(found)) == 40
    assert all(one.purchase.lines[-1].item_id == one.marker for leg in legs for one in leg)


def test_there_are_enough_items_to_look_for_in_every_try_of_every_round() -> None:
    assert steady_receipts(600) == 150
    assert looked_for(OPTIONS) == 3 * 3 * 150
    assert looked_for(Namespace(rounds=1, repeats=0, receipts=1)) == 1
    assert settings_of(OPTIONS)["receipts_per_leg"]["5 a second"] == 150


def test_a_clerk_is_told_what_was_ordered_and_where_to_look_for_it() -> None:
    (one,) = deliveries(chance(3), 1, count(5))
    order = {"order_id": "o-1", "lines": [{"line_no": 1, "quantity": "4"}]}
    arrival = arrival_of(one, order, "key")
    assert arrival["body"] == {
        "order_id": "o-1",
        "lines": [{"order_line_no": 1, "quantity": "4"}],
        "post": True,
    }
    assert arrival["code"] == "urn:trueshelf:purchase-order:o-1"
    assert arrival["site_id"] == one.purchase.site_id
    assert arrival["seen_at"] == "/stock?site_id=dock-1&item_id=marker-5"
    assert arrival["quantity"] == str(one.purchase.lines[-1].quantity)
    assert "seen_at" not in arrival_of(Delivery(one.purchase, None), order, "key")


def test_at_a_rate_each_receipt_has_its_time_and_without_one_none_waits() -> None:
    arrivals = [{"key": "a"}, {"key": "b"}, {"key": "c"}]
    steady = [due for due, _ in timed({"rate": 5.0, "arrivals": arrivals}, 100.0)]
    assert steady == [100.0, 100.2, 100.4]
    assert [due for due, _ in timed({"rate": None, "arrivals": arrivals}, 100.0)] == [0, 0, 0]


def test_what_is_available_is_added_up_over_all_places() -> None:
    page = {"items": [{"available": "1.5"}, {"available": "2"}]}
    assert available(json.dumps(page).encode()) == Decimal("3.5")
    assert available(b'{"items": []}') == 0


def test_figures_tell_of_availability_where_somebody_looked() -> None:
    times = {"count": 2, "p50": 1.0, "p99": 2.0}
    leg = {
        "how": "as fast as it goes",
        "per_second": 10.0,
        "lines_per_second": 60.0,
        "booked_per_second": 9.0,
        "scan_ms": times,
        "latency_ms": times,
        "available_ms": {"count": 0, "p50": None, "p99": None},
        "cpu_ms": {"purchasing.api": 3.0},
        "peak_mb": {"purchasing.api": 90.0},
    }
    figures = figures_of([leg, leg | {"how": "5 a second", "available_ms": times}])
    assert list(figures) == ["as fast as it goes", "5 a second"]
    assert "available_p99_ms" not in figures["as fast as it goes"]
    assert figures["5 a second"]["available_p99_ms"]["median"] == 2.0
    assert figures["5 a second"]["scan_p50_ms"]["median"] == 1.0
