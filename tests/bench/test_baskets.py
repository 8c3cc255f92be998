"""Which baskets the tills of the benchmark sell, and how they say so."""

import json
from datetime import datetime

import pyarrow as pa

from bench.basket_data import crowds, in_turn
from bench.baskets import body_of, figures_of

START = datetime(2017, 1, 1)  # noqa: DTZ001 - the data have no zone


def sales(rows: list[tuple[int, int, int, int]]) -> pa.Table:
    """Return sales of (store, basket, product, quantity), each an hour after the one before."""
    store, basket, product, quantity = zip(*rows, strict=True)
    return pa.table(
        {
            "store_id": store,
            "basket_id": basket,
            "product_id": product,
            "quantity": quantity,
            "sales_value": [1.25] * len(rows),
            "transaction_timestamp": [START.replace(hour=b % 24) for b in basket],
        }
    )


ROWS = [
    (7, 1, 100, 1),
    (7, 1, 101, 2),
    (7, 2, 100, 1),
    (7, 3, 100, 1),
    (8, 4, 100, 1),
    (8, 5, 100, 1),
    (9, 6, 100, 0),
]


def test_the_busiest_stores_give_one_basket_each_in_turn() -> None:
    one, two = crowds(sales(ROWS), (1, 2), 4)
    assert [basket.basket_id for basket in one.baskets] == [1, 2, 3]
    assert [basket.basket_id for basket in two.baskets] == [1, 4, 2, 5]
    assert (one.lines, two.lines) == (4, 5)


def test_what_can_not_be_sold_is_left_out_and_stores_are_counted_as_they_are() -> None:
    (crowd,) = crowds(sales(ROWS), (457,), 100)
    assert crowd.stores == 3
    assert 6 not in {basket.basket_id for basket in crowd.baskets}


def test_taking_in_turn_ends_with_what_there_is() -> None:
    assert in_turn([[1, 2, 3], [4]], 10) == [1, 4, 2, 3]
    assert in_turn([[1, 2, 3], [4]], 2) == [1, 4]
    assert in_turn([], 2) == []


def test_a_till_sends_a_basket_as_the_api_takes_it() -> None:
    (crowd,) = crowds(sales(ROWS), (1,), 1)
    body = json.loads(body_of(crowd.baskets[0], 17))
    assert body["device"] == "till-2"
    assert body["site_id"] == "7"
    assert [line["quantity"] for line in body["lines"]] == ["1", "2"]
    assert {line["amount"] for line in body["lines"]} == {"1.25"}


def test_figures_are_told_for_each_number_of_stores() -> None:
    leg = {
        "per_second": 10.0,
        "lines_per_second": 100.0,
        "booked_per_second": 9.0,
        "latency_ms": {"p50": 1.0, "p99": 2.0},
        "cpu_ms": {"sales.api": 3.0},
        "peak_mb": {"sales.api": 90.0},
    }
    figures = figures_of([leg | {"stores": 1}, leg | {"stores": 20}])
    assert list(figures) == ["1 stores", "20 stores"]
    assert figures["20 stores"]["p99_ms"]["median"] == 2.0
