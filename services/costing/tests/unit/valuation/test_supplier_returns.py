"""What goes back to a supplier leaves at what it cost, and nothing is left over (C7, E5)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.valuation.domain.books import Books
from costing.valuation.domain.movement import ZERO, Entry, Kind, Movement, Stream
from costing.valuation.domain.refusals import NotReceived, NotReversible
from costing.valuation.domain.valuation import Valuation

S: Stream = ("s", "i")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def entry(number: int, kind: Kind, quantity: str | Decimal, cost: str | None = None) -> Movement:
    document = (UUID(int=number), f"D{number}", 1, AT)
    given = None if cost is None else Decimal(cost)
    return Movement(*S, number, kind, Decimal(quantity), *document, unit_cost=given)


def back(number: int, quantity: str | Decimal, of: int = 1) -> Movement:
    """Return a movement that sends back a part of receipt `of`."""
    document = (UUID(int=number), f"PR{number}", 1, AT)
    kind = Kind.SUPPLIER_RETURN
    return Movement(*S, number, kind, Decimal(quantity), *document, origin=of, reason="return")


def repriced(number: int, difference: str, of: int = 1) -> Movement:
    """Return a movement that lets receipt `of` cost more or less."""
    document = (UUID(int=number), f"D{number}", 1, AT)
    amount = Decimal(difference)
    return Movement(
        *S, number, Kind.REVALUATION, ZERO, *document, origin=of, difference=amount, reason="x"
    )


def fold(*movements: Movement) -> tuple[Valuation, list[Entry]]:
    books = Books({S: Valuation(*S)})
    entries = books.advance({S: {one.sequence: one for one in movements}})
    for refusal in books.refused.values():
        raise refusal
    return books.valuations[S], entries


def cost_of(one: Entry) -> Decimal:
    """Return what the goods of an entry left at, wherever the difference to the average went."""
    return -(one.value + one.cost_of_sales)


def test_goods_go_back_at_their_own_cost_and_the_rest_bears_the_difference_to_the_average() -> None:
    """C7: 10 at 1 and 10 at 3 lie at 2; what goes back of the second leaves at 3."""
    cheap, dear = entry(1, Kind.RECEIPT, "10", "1"), entry(2, Kind.RECEIPT, "10", "3")
    valuation, entries = fold(cheap, dear, back(3, "4", of=2))
    assert (entries[-1].quantity, entries[-1].value, entries[-1].cost_of_sales) == (-4, -12, 0)
    assert entries[-1].unit_cost == 3
    assert (valuation.quantity, valuation.value) == (16, 28)


def test_goods_sold_bear_their_share_of_the_difference_to_the_average() -> None:
    """C7: of the 8 that the receipt has left 4 are sold, so half of the 2 too much is theirs."""
    cheap, dear = entry(1, Kind.RECEIPT, "10", "1"), entry(2, Kind.RECEIPT, "10", "3")
    sold = entry(3, Kind.SHIPMENT, "14")
    valuation, entries = fold(cheap, dear, sold, back(4, "2", of=2))
    assert cost_of(entries[-1]) == 6
    assert (entries[-1].value, entries[-1].cost_of_sales) == (-5, -1)
    assert (valuation.quantity, valuation.value) == (4, 7)


def test_no_stock_is_worth_nothing_and_what_it_can_not_bear_is_of_those_sold() -> None:
    """E5."""
    cheap, dear = entry(1, Kind.RECEIPT, "10", "1"), entry(2, Kind.RECEIPT, "10", "3")
    sold = entry(3, Kind.SHIPMENT, "10")
    valuation, entries = fold(cheap, dear, sold, back(4, "10", of=2))
    assert (valuation.quantity, valuation.value) == (0, 0)
    assert cost_of(entries[-1]) == 30
    assert -entries[2].value + entries[-1].cost_of_sales == 10, "just the cheap ones were sold"


def test_what_was_repriced_goes_back_at_what_it_costs_by_then() -> None:
    valuation, entries = fold(
        entry(1, Kind.RECEIPT, "10", "1"), repriced(2, "5"), back(3, "4"), repriced(4, "3")
    )
    assert cost_of(entries[2]) == 6
    assert entries[3].value == 3, "what went back bears no later price"
    assert (valuation.quantity, valuation.value) == (6, 12)


def test_a_price_that_comes_after_all_went_back_is_of_no_goods_on_hand() -> None:
    bought, others = entry(1, Kind.RECEIPT, "10", "1"), entry(2, Kind.RECEIPT, "5", "2")
    valuation, entries = fold(bought, others, back(3, "10"), repriced(4, "7"))
    assert (entries[3].value, entries[3].cost_of_sales) == (0, 7)
    assert (valuation.quantity, valuation.value) == (5, 10)


@pytest.mark.parametrize("parts", [["11"], ["6", "5"]])
def test_no_more_goes_back_than_came(parts: Sequence[str]) -> None:
    others = entry(2, Kind.RECEIPT, "50", "1")
    gone = [back(number, part) for number, part in enumerate(parts, start=3)]
    with pytest.raises(NotReversible):
        fold(entry(1, Kind.RECEIPT, "10", "1"), others, *gone)


def test_what_did_not_come_with_a_receipt_goes_back_to_nobody() -> None:
    with pytest.raises(NotReceived):
        fold(entry(1, Kind.GAIN, "10", "1"), back(2, "1"))


@given(
    st.lists(st.integers(1, 7), min_size=1, max_size=8),
    st.lists(st.integers(-9, 300), min_size=8, max_size=8),
    st.decimals("0.01", "9.99", places=2),
    st.integers(0, 5),
)
def test_parts_add_up_to_the_cost_whatever_it_was_corrected_to_in_between(
    parts: list[int], prices: list[int], cost: Decimal, sold: int
) -> None:
    """C7."""
    whole = sum(parts)
    movements = [
        entry(1, Kind.RECEIPT, Decimal(whole), str(cost)),
        entry(2, Kind.RECEIPT, Decimal(9), "1.01"),
    ]
    if sold:
        movements.append(entry(3, Kind.SHIPMENT, Decimal(sold)))
    changed = ZERO
    for part, price in zip(parts, prices, strict=False):
        changed += Decimal(price) / 100
        movements.append(repriced(len(movements) + 1, str(Decimal(price) / 100)))
        movements.append(back(len(movements) + 1, Decimal(part)))
    valuation, entries = fold(*movements)
    gone = sum((cost_of(one) for one in entries if one.movement.kind is Kind.SUPPLIER_RETURN), ZERO)
    assert gone == entries[0].value + changed
    assert valuation.quantity == 9 - sold
    assert valuation.value >= 0
    assert valuation.quantity or not valuation.value


def kept(number: int, quantity: str, returned: int, of: int = 1) -> Movement:
    """Return a movement that takes a whole return back, whose goods had come by receipt `of`."""
    document = (UUID(int=number), f"RV{number}", 1, AT)
    kind, given = Kind.SUPPLIER_RETURN_REVERSAL, Decimal(quantity)
    return Movement(*S, number, kind, given, *document, reverses=returned, origin=of, reason="x")


def test_a_return_that_is_taken_back_brings_to_each_side_what_it_had_taken() -> None:
    """A1, C7: also where a price was corrected in between, and a later one is shared anew."""
    cheap, dear = entry(1, Kind.RECEIPT, "10", "1"), entry(2, Kind.RECEIPT, "10", "3")
    sold = entry(3, Kind.SHIPMENT, "15")
    before, _ = fold(cheap, dear, sold)
    ledger = [cheap, dear, sold, back(4, "4", of=2), kept(5, "4", returned=4, of=2)]
    after, entries = fold(*ledger)
    assert (after.quantity, after.value) == (before.quantity, before.value)
    assert entries[-1].cost_of_sales == -entries[-2].cost_of_sales != 0
    corrected = [*ledger[:4], repriced(5, "6", of=2), kept(6, "4", returned=4, of=2)]
    _, entries = fold(*corrected, repriced(7, "10", of=2))
    whole = sum((cost_of(one) for one in entries if one.movement.origin == 2), ZERO)
    assert whole == -16


def test_a_return_is_taken_back_once_and_only_as_a_return() -> None:
    bought, gone = entry(1, Kind.RECEIPT, "10", "1"), back(2, "4")
    for wrong in (kept(3, "5", returned=2), kept(3, "4", returned=1), kept(3, "4", returned=9)):
        with pytest.raises(NotReversible):
            fold(bought, gone, wrong)
