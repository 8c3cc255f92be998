"""Every kind of disagreement between the platform and the model is seen."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from demo.books import Books
from demo.compare import disagreements
from demo.data import Basket, Line
from demo.model import Expected, sell
from demo.replay import Outcome

MOMENT = datetime(2017, 1, 9)  # noqa: DTZ001 - as in the data
MILK, TEA = ("1", "milk"), ("1", "tea")
BOUGHT = {MILK: 3, TEA: 1}
COSTS = {"milk": Decimal("0.3333"), "tea": Decimal(2)}
SOLD = Basket(10, "1", MOMENT, (Line("milk", 1, 99), Line("tea", 1, 300)))
TURNED_AWAY = Basket(11, "1", MOMENT, (Line("tea", 1, 300),))
OUTCOMES = (
    Outcome(10, "shipped", "a", seconds=0.02),
    Outcome(11, "refused", "b", "insufficient_stock"),
)
BOOKS = Books(
    drift={"ledger_balances": 0, "reservations_allocated": 0, "costing_inventory": 0},
    differences=[],
    orders={"shipped": 1, "refused": 1},
    refused_by_cause={"insufficient_stock": 1},
    units=Decimal(2),
    lines=2,
    revenue=Decimal("3.99"),
    cogs=Decimal("2.33"),
    stock={MILK: Decimal(2), TEA: Decimal(0)},
    values={MILK: Decimal("0.67"), TEA: Decimal(0)},
    costed={"p50_ms": 1, "p99_ms": 2},
)


def expected() -> Expected:
    """Return what the model says."""
    return sell([SOLD, TURNED_AWAY], BOUGHT)


def compared(books: Books = BOOKS, outcomes: tuple[Outcome, ...] = OUTCOMES) -> list[str]:
    """Return the disagreements."""
    return disagreements(expected(), BOUGHT, COSTS, outcomes, books)


def test_a_platform_that_does_as_the_model_says_has_no_disagreement() -> None:
    assert compared() == []


@pytest.mark.parametrize(
    ("books", "told"),
    [
        (replace(BOOKS, orders={"shipped": 2, "refused": 1}), "orders shipped"),
        (replace(BOOKS, orders={"shipped": 1}), "orders refused"),
        (replace(BOOKS, orders={"shipped": 1, "refused": 1, "paid": 1}), "orders"),
        (replace(BOOKS, refused_by_cause={"unknown_item": 1}), "refusals for lack of stock"),
        (replace(BOOKS, units=Decimal("2.5")), "units"),
        (replace(BOOKS, lines=1), "lines"),
        (replace(BOOKS, revenue=Decimal("3.98")), "revenue"),
        (replace(BOOKS, cogs=Decimal("2.34")), "cost of goods sold"),
        (replace(BOOKS, stock={MILK: Decimal(2)}), "1:tea holds None"),
        (replace(BOOKS, stock={MILK: Decimal(1), TEA: Decimal(0)}), "1:milk holds 1"),
        (replace(BOOKS, stock={**BOOKS.stock, ("2", "tea"): Decimal(0)}), "2:tea holds 0"),
        (replace(BOOKS, values={TEA: Decimal(0)}), "1:milk is worth None"),
        (replace(BOOKS, values={MILK: Decimal("0.66"), TEA: Decimal(0)}), "1:milk is worth 0.66"),
        (replace(BOOKS, values={**BOOKS.values, ("2", "tea"): Decimal(0)}), "never bought"),
    ],
)
def test_whatever_the_platform_says_otherwise_is_told(books: Books, told: str) -> None:
    assert any(told in one for one in compared(books))


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (OUTCOMES[:1], "basket 11 has no outcome"),
        ((*OUTCOMES, Outcome(12, "shipped", "c")), "by the model not offered"),
        ((*OUTCOMES, OUTCOMES[0]), "by the model not offered"),
        ((OUTCOMES[0], Outcome(11, "shipped", "b")), "basket 11 was shipped"),
        ((OUTCOMES[0], Outcome(11, "refused", "b", "unknown_item")), "refused for unknown_item"),
    ],
)
def test_a_basket_that_fared_otherwise_is_told(outcomes: tuple[Outcome, ...], told: str) -> None:
    assert any(told in one for one in compared(outcomes=outcomes))


def test_a_cent_that_the_order_of_shipments_may_shift_is_no_disagreement() -> None:
    goods, cost = {MILK: 7}, {"milk": Decimal("0.1428")}
    baskets = [Basket(n, "1", MOMENT, (Line("milk", n, 10),)) for n in (1, 2, 3)]
    model = sell(baskets, goods)
    outcomes = [Outcome(n, "shipped", str(n)) for n in (1, 2, 3)]
    told = [
        disagreements(
            model,
            goods,
            cost,
            outcomes,
            replace(
                BOOKS,
                orders={"shipped": 3},
                refused_by_cause={},
                units=Decimal(6),
                lines=3,
                revenue=Decimal("0.30"),
                cogs=Decimal(1) - left,
                stock={MILK: Decimal(1)},
                values={MILK: left},
            ),
        )
        for left in (Decimal("0.14"), Decimal("0.15"), Decimal("0.20"))
    ]
    assert told[0] == []
    assert told[2]
