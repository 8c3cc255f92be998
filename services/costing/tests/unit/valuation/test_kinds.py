"""What each kind of movement does to quantity and value, one stream by itself (E1, E5)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from costing.valuation.domain.books import Books
from costing.valuation.domain.movement import Entry, Kind, Movement
from costing.valuation.domain.refusals import MoreIssuedThanThere, NotReversible
from costing.valuation.domain.valuation import Valuation

S = ("s", "i")


class Ledger:
    """One stream, written entry by entry."""

    def __init__(self) -> None:
        self.books = Books({S: Valuation(*S)})
        self.now = self.books.valuations[S]

    def write(self, kind: Kind, quantity: str, **more: Any) -> Entry:
        """Write the next entry and return what it did."""
        number = self.now.sequence + 1
        document = (UUID(int=number), f"D{number}", 1, datetime(2026, 1, 1, tzinfo=UTC))
        one = Movement(*S, number, kind, Decimal(quantity), *document, **more)
        entries = self.books.advance({S: {number: one}})
        for refusal in self.books.refused.values():
            raise refusal
        return entries[0]

    def receive(self, quantity: str, cost: str) -> Entry:
        """Write a receipt."""
        return self.write(Kind.RECEIPT, quantity, unit_cost=Decimal(cost))


@pytest.fixture
def ledger() -> Ledger:
    """Return a stream without entries."""
    return Ledger()


def figures(entry: Entry) -> tuple[Decimal, Decimal]:
    return entry.quantity, entry.value


def test_an_issue_leaves_at_the_average_and_says_why(ledger: Ledger) -> None:
    ledger.receive("10", "1.5")
    entry = ledger.write(Kind.ISSUE, "4", reason="scrap")
    assert figures(entry) == (-4, Decimal("-6.00"))
    assert entry.movement.reason == "scrap"


def test_what_is_found_comes_in_at_the_average(ledger: Ledger) -> None:
    ledger.receive("10", "1.5")
    entry = ledger.write(Kind.GAIN, "2", reason="stocktake")
    assert (*figures(entry), entry.unit_cost) == (2, Decimal("3.00"), Decimal("1.5"))
    assert ledger.now.unit_cost == Decimal("1.5")


def test_what_comes_in_at_a_cost_of_its_own_moves_the_average(ledger: Ledger) -> None:
    ledger.receive("10", "1")
    ledger.write(Kind.GAIN, "10", unit_cost=Decimal(2))
    assert ledger.now.unit_cost == Decimal("1.5")


def test_what_is_found_without_stock_comes_in_at_the_last_average(ledger: Ledger) -> None:
    ledger.receive("10", "1.25")
    ledger.write(Kind.SHIPMENT, "10")
    entry = ledger.write(Kind.GAIN, "4")
    assert (*figures(entry), entry.unit_cost) == (4, Decimal("5.00"), Decimal("1.25"))


def test_what_is_found_before_anything_was_bought_has_no_value(ledger: Ledger) -> None:
    assert figures(ledger.write(Kind.GAIN, "4")) == (4, 0)


def test_a_change_of_status_changes_no_figure_and_is_kept(ledger: Ledger) -> None:
    ledger.receive("10", "1.25")
    entry = ledger.write(Kind.STATUS, "4")
    assert (*figures(entry), entry.quantity_after, entry.value_after) == (0, 0, 10, Decimal("12.5"))
    assert ledger.now.sequence == 2


def test_an_issue_taken_back_brings_the_value_it_left_with(ledger: Ledger) -> None:
    ledger.receive("10", "1")
    ledger.write(Kind.ISSUE, "5")
    ledger.receive("5", "3")
    entry = ledger.write(Kind.REVERSAL, "5", reverses=2, inward=True)
    assert (*figures(entry), entry.unit_cost) == (5, Decimal("5.00"), Decimal(1))
    assert ledger.now.value == Decimal(25)


def test_a_receipt_taken_back_takes_the_value_it_came_in_with(ledger: Ledger) -> None:
    ledger.receive("10", "1")
    ledger.receive("10", "2")
    entry = ledger.write(Kind.REVERSAL, "10", reverses=2, inward=False)
    assert (*figures(entry), entry.variance) == (-10, -20, 0)
    assert ledger.now.value == 10


def test_a_reversal_takes_no_more_value_than_there_is_and_says_what_is_missing(
    ledger: Ledger,
) -> None:
    ledger.receive("10", "1")
    ledger.receive("10", "9")
    ledger.write(Kind.SHIPMENT, "9")
    entry = ledger.write(Kind.REVERSAL, "10", reverses=2, inward=False)
    assert (*figures(entry), entry.variance) == (-10, Decimal("-55"), Decimal(35))
    assert (ledger.now.quantity, ledger.now.value) == (1, 0)


def test_a_reversal_of_the_last_unit_takes_all_the_value_there_is(ledger: Ledger) -> None:
    ledger.receive("10", "1")
    ledger.receive("10", "9")
    ledger.write(Kind.SHIPMENT, "10")
    entry = ledger.write(Kind.REVERSAL, "10", reverses=1, inward=False)
    assert (*figures(entry), entry.variance) == (-10, -50, -40)
    assert (ledger.now.quantity, ledger.now.value) == (0, 0)


def test_a_part_taken_back_has_its_share(ledger: Ledger) -> None:
    ledger.receive("10", "1")
    ledger.write(Kind.ISSUE, "6")
    assert figures(ledger.write(Kind.REVERSAL, "2", reverses=2, inward=True)) == (2, 2)


@pytest.mark.parametrize(
    ("reverses", "quantity", "inward"),
    [(7, "1", True), (1, "1", True), (2, "1", False), (2, "5", True), (3, "1", True)],
    ids=["no such entry", "came in", "went out", "more than it moved", "no movement"],
)
def test_what_did_not_move_the_other_way_is_not_taken_back(
    ledger: Ledger, reverses: int, quantity: str, *, inward: bool
) -> None:
    ledger.receive("10", "1")
    ledger.write(Kind.ISSUE, "4")
    ledger.write(Kind.STATUS, "4")
    with pytest.raises(NotReversible):
        ledger.write(Kind.REVERSAL, quantity, reverses=reverses, inward=inward)


def test_a_reversal_is_not_taken_back(ledger: Ledger) -> None:
    ledger.receive("10", "1")
    ledger.write(Kind.ISSUE, "4")
    ledger.write(Kind.REVERSAL, "4", reverses=2, inward=True)
    with pytest.raises(NotReversible):
        ledger.write(Kind.REVERSAL, "4", reverses=3, inward=False)


def test_goods_that_are_gone_are_not_taken_back(ledger: Ledger) -> None:
    ledger.receive("10", "1")
    ledger.write(Kind.SHIPMENT, "4")
    with pytest.raises(MoreIssuedThanThere):
        ledger.write(Kind.REVERSAL, "10", reverses=1, inward=False)
