"""The report has the keys it promises, and nothing but a clean run is a success."""

import argparse
import json
from datetime import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from demo.__main__ import main, up_to, weeks
from demo.books import Books
from demo.data import Basket, Line
from demo.drain import BusTotals
from demo.model import sell
from demo.plan import offer
from demo.progress import Show
from demo.replay import Outcome, money, order_body
from demo.report import Run, compose, failures, percentile, table_of

MOMENT = datetime(2017, 1, 9)  # noqa: DTZ001 - as in the data
BASKETS = [
    Basket(1, "7", MOMENT, (Line("milk", 2, 199), Line("bag", 0, 0))),
    Basket(2, "7", MOMENT, (Line("milk", 1, 99),)),
    Basket(3, "7", MOMENT, (Line("bag", 0, 0),)),
]
FACTS = {
    "broker": "Apache Kafka",
    "baskets": 3,
    "clients": 8,
    "pairs": 1,
    "short_bought": 0,
    "memory_mb": {"kafka": 500.0},
    "seconds_by_step": {"Selling baskets": 2.0},
}


def report(parked: dict[str, int] | None = None, differing: int = 0) -> dict[str, Any]:
    """Return the report of a small run."""
    made = offer(BASKETS)
    books = Books(
        drift={"ledger_balances": 0, "reservations_allocated": 0, "costing_inventory": differing},
        differences=[],
        orders={"shipped": 1, "refused": 1},
        refused_by_cause={"insufficient_stock": 1},
        units=Decimal("2.000000"),
        lines=1,
        revenue=Decimal("1.99"),
        cogs=Decimal("1.4"),
        stock={},
        values={},
        costed={"p50_ms": 12.0, "p99_ms": 80.0},
    )
    outcomes = [
        Outcome(1, "shipped", "a", seconds=0.020),
        Outcome(2, "refused", "b", "insufficient_stock"),
    ]
    bus = BusTotals(9, 12, 0, parked or {})
    expected = sell(made.orders, {("7", "milk"): 2})
    return compose(Run(made, expected, outcomes, books, bus, [], FACTS), 2.0, 60.04)


def test_the_report_has_the_keys_that_others_read() -> None:
    made = report()
    assert made["broker"] == "Apache Kafka"
    assert made["orders"].items() >= {"offered": 2, "shipped": 1, "refused": 1}.items()
    assert made["orders"]["refused_by_cause"] == {"insufficient_stock": 1}
    assert made["units"] == {"platform": 2, "data": 2}
    assert made["revenue"] == {"platform": "1.99", "data": "1.99"}
    assert (made["cogs"], made["margin"], made["margin_percent"]) == ("1.40", "0.59", "29.6")
    assert made["events"] == {"published": 9, "applied": 12, "suppressed": 0}
    assert set(made["drift"]) == {
        "ledger_balances",
        "reservations_allocated",
        "costing_inventory",
        "platform_data",
    }
    assert made["latency_ms"] == {
        "order_p50": 20.0,
        "order_p99": 20.0,
        "costed_p50": 12.0,
        "costed_p99": 80.0,
    }
    assert made["rates"] == {"orders_per_s": 1.0, "lines_per_s": 1.0}
    assert made["seconds"] == 60.0
    json.dumps(made)


def test_what_was_left_out_is_in_the_report_by_cause() -> None:
    left_out = report()["left_out_by_cause"]
    assert left_out["lines"] == {"quantity_zero": 2}
    assert left_out["baskets"] == {"no_line_left": 1}


def test_a_clean_run_is_a_success() -> None:
    assert failures(report()) == []


def test_any_drift_is_a_failure() -> None:
    assert failures(report(differing=2)) == ["drift costing_inventory: 2"]


def test_anything_parked_is_a_failure() -> None:
    assert failures(report(parked={"costing.valuation": 1}))


@pytest.mark.parametrize(
    ("part", "change", "told"),
    [
        ("orders", {"shipped": 0}, "neither shipped nor refused"),
        ("units", {"platform": 3}, "units of the platform"),
        ("revenue", {"data": "2.00"}, "revenue of the platform"),
    ],
)
def test_a_sum_that_does_not_add_up_is_a_failure(
    part: str, change: dict[str, object], told: str
) -> None:
    made = report()
    made[part] |= change
    assert any(told in one for one in failures(made))


def test_a_basket_that_vanished_before_it_was_offered_is_a_failure() -> None:
    assert failures({**report(), "baskets": 4})


def test_people_get_the_report_as_a_table() -> None:
    console = Console(file=StringIO(), width=200)
    console.print(table_of(report(), Path("var/demo/report.json")))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "2 offered, 1 shipped, 1 refused insufficient_stock 1" in text


@pytest.mark.parametrize(
    ("values", "median", "high"),
    [([], None, None), ([5.0], 5.0, 5.0), ([float(n) for n in range(101)], 50.0, 99.0)],
)
def test_percentiles_are_told_from_what_there_is(
    values: list[float], median: float | None, high: float | None
) -> None:
    assert (percentile(values, 50), percentile(values, 99)) == (median, high)


def test_an_order_says_quantities_and_money_as_text() -> None:
    body = order_body(BASKETS[1])
    assert body["lines"] == [
        {"item_id": "milk", "quantity": "1", "unit": "EA", "amount": "0.99"},
    ]
    assert (money(0), money(5_800), money(5)) == ("0", "58", "0.05")


def test_weeks_are_given_as_one_several_or_a_range() -> None:
    assert (weeks("2"), weeks("2-4"), weeks("5,2-3,2")) == ([2], [2, 3, 4], [2, 3, 5])


@pytest.mark.parametrize("text", ["", "0", "54", "2-", "x", "-2", "3-2", "2,,3", "999"])
def test_weeks_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        weeks(text)


@pytest.mark.parametrize("text", ["0", "-1", "65", "x", "1.5", ""])
def test_numbers_out_of_bounds_are_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        up_to(64)(text)


def test_a_folder_that_is_not_the_demos_own_is_never_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    treasure = tmp_path / "treasure"
    treasure.write_text("mine")
    assert main(["--state", str(tmp_path), "--stores", "1"]) == 1
    assert treasure.read_text() == "mine"
    assert "--state" in capsys.readouterr().err


def test_without_a_terminal_steps_are_told_in_plain_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = StringIO()
    show = Show(Console(file=out, width=100))
    with show.step("Selling", 10) as step:
        step.reach(4)
        step.said = -1_000  # type: ignore[attr-defined]
        step.began -= 8
        step.advance()
    assert "Selling: 10 to do" in out.getvalue()
    assert "Selling: 5 of 10" in capsys.readouterr().out
    assert show.seconds["Selling"] < 5


def test_on_a_terminal_steps_are_bars() -> None:
    out = StringIO()
    with Show(Console(file=out, force_terminal=True, width=120)).step("Selling", 2) as step:
        step.advance(2)
    assert "2/2" in out.getvalue()
