"""Holds the platform's account against the model, basket by basket and item by item. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain

from demo.books import Books
from demo.model import Expected, received_value, values_left
from demo.plan import Pair
from demo.replay import REFUSED, SHIPPED, Outcome

SHORT_OF_STOCK = "insufficient_stock"


def disagreements(
    expected: Expected,
    bought: Mapping[Pair, int],
    costs: Mapping[str, Decimal],
    outcomes: Iterable[Outcome],
    books: Books,
) -> list[str]:
    """Return every place where the platform says something else than the model."""
    return list(
        chain(
            _orders(expected, outcomes),
            _totals(expected, books),
            _stock(expected, books),
            _values(expected, bought, costs, books),
        )
    )


def _orders(expected: Expected, outcomes: Iterable[Outcome]) -> Iterator[str]:
    wanted = dict.fromkeys(expected.shipped, SHIPPED) | dict.fromkeys(expected.refused, REFUSED)
    for outcome in outcomes:
        model = wanted.pop(outcome.basket_id, "not offered")
        if outcome.status != model:
            yield f"basket {outcome.basket_id} was {outcome.status}, by the model {model}"
        elif outcome.status == REFUSED and outcome.cause != SHORT_OF_STOCK:
            yield f"basket {outcome.basket_id} was refused for {outcome.cause}"
    for basket_id, model in wanted.items():
        yield f"basket {basket_id} has no outcome, by the model it is {model}"


def _totals(expected: Expected, books: Books) -> Iterator[str]:
    refused = len(expected.refused)
    pairs = {
        "orders shipped": (books.orders.get(SHIPPED, 0), len(expected.shipped)),
        "orders refused": (books.orders.get(REFUSED, 0), refused),
        "refusals for lack of stock": (books.refused_by_cause.get(SHORT_OF_STOCK, 0), refused),
        "orders": (sum(books.orders.values()), len(expected.shipped) + refused),
        "units": (books.units, expected.units),
        "lines": (books.lines, expected.lines),
        "revenue": (books.revenue, Decimal(expected.cents) / 100),
    }
    for name, (platform, model) in pairs.items():
        if platform != model:
            yield f"{name}: {platform} by the platform, {model} by the model"


def _stock(expected: Expected, books: Books) -> Iterator[str]:
    for pair in sorted(expected.left.keys() | books.stock.keys()):
        platform, model = books.stock.get(pair), expected.left.get(pair)
        if platform != model:
            yield f"{':'.join(pair)} holds {platform}, by the model {model}"


def _values(
    expected: Expected, bought: Mapping[Pair, int], costs: Mapping[str, Decimal], books: Books
) -> Iterator[str]:
    spent = Decimal(0)
    for pair, quantity in sorted(bought.items()):
        received = received_value(quantity, costs[pair[1]])
        low, high = values_left(received, quantity, expected.issues.get(pair, []))
        value = books.values.get(pair)
        if value is None or not low <= value <= high:
            yield f"{':'.join(pair)} is worth {value}, by the model {low} to {high}"
        spent += received - (value or 0)
    if books.cogs != spent:
        yield f"cost of goods sold: {books.cogs} by the platform, {spent} by what left the books"
    for pair in sorted(books.values.keys() - bought.keys()):
        yield f"{':'.join(pair)} has a value, by the model it was never bought"
