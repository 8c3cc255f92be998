"""What a receipt's goods turn out to cost, on hand and gone (C7, E2, E5)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costing.valuation.domain.books import Books
from costing.valuation.domain.movement import ZERO, Entry, Kind, Movement
from costing.valuation.domain.refusals import NotReceived
from costing.valuation.domain.valuation import Valuation

S = ("s", "i")
AT = datetime(2026, 1, 1, tzinfo=UTC)
Figures = tuple[Decimal, Decimal]


class Ledger:
    """One stream, as inventory writes it."""

    def __init__(self) -> None:
        self.told: list[Movement] = []

    def write(self, kind: Kind, quantity: str | Decimal, **more: Any) -> Movement:
        """Write the next entry."""
        number = len(self.told) + 1
        document = (UUID(int=number), f"D{number}", 1, AT)
        one = Movement(*S, number, kind, Decimal(quantity), *document, **more)
        self.told.append(one)
        return one

    def receive(self, quantity: str, cost: str) -> int:
        """Buy goods in; return the number of the entry."""
        return self.write(Kind.RECEIPT, quantity, unit_cost=Decimal(cost)).sequence

    def sell(self, quantity: str) -> None:
        """Ship goods."""
        self.write(Kind.SHIPMENT, quantity, order_id=UUID(int=9))

    def reprice(self, receipt: int, difference: str) -> None:
        """Let a receipt cost more, or less."""
        self.write(Kind.REVALUATION, ZERO, origin=receipt, difference=Decimal(difference))

    def costed(self) -> tuple[list[Entry], Books]:
        """Return what costing makes of all that was written."""
        books = Books({S: Valuation(*S)})
        entries = books.advance({S: {one.sequence: one for one in self.told}})
        for refusal in books.refused.values():
            raise refusal
        return entries, books

    def last(self) -> tuple[Figures, Valuation]:
        """Return what the last entry did to stock and to cost of sales, and what there is then."""
        entries, books = self.costed()
        return (entries[-1].value, entries[-1].cost_of_sales), books.valuations[S]


@pytest.fixture
def ledger() -> Ledger:
    """Return a stream without entries."""
    return Ledger()


def test_what_is_all_on_hand_bears_the_whole_difference(ledger: Ledger) -> None:
    ledger.reprice(ledger.receive("10", "1"), "2.50")
    booked, now = ledger.last()
    assert booked == (Decimal("2.50"), 0)
    assert (now.value, now.unit_cost) == (Decimal("12.50"), Decimal("1.25"))


def test_what_is_sold_bears_its_share_and_the_two_are_the_whole(ledger: Ledger) -> None:
    """C7: in proportion to what is still on stock and what is sold, to the cent."""
    receipt = ledger.receive("3", "1")
    ledger.sell("2")
    ledger.reprice(receipt, "1")
    assert ledger.last()[0] == (Decimal("0.33"), Decimal("0.67"))


def test_invoices_of_parts_correct_as_much_as_one_of_the_whole(ledger: Ledger) -> None:
    """The share is that of all that was received, whatever part of it an invoice is about."""
    receipt = ledger.receive("10", "1")
    ledger.sell("5")
    ledger.reprice(receipt, "2")
    ledger.reprice(receipt, "2")
    booked, now = ledger.last()
    assert (booked, now.value) == ((1, 1), 7)


def test_taking_a_correction_back_undoes_it(ledger: Ledger) -> None:
    receipt = ledger.receive("3", "1")
    ledger.sell("1")
    ledger.reprice(receipt, "0.05")
    ledger.reprice(receipt, "-0.05")
    booked, now = ledger.last()
    assert (booked, now.value) == ((Decimal("-0.03"), Decimal("-0.02")), 2)


def test_what_is_all_sold_corrects_the_cost_of_sales_alone(ledger: Ledger) -> None:
    """E5: stock that ran to zero keeps value zero."""
    receipt = ledger.receive("10", "1")
    ledger.sell("10")
    ledger.reprice(receipt, "-3")
    booked, now = ledger.last()
    assert (booked, now.value) == ((0, -3), 0)


def test_more_on_hand_than_was_received_bears_no_more_than_the_difference(ledger: Ledger) -> None:
    ledger.receive("100", "1")
    ledger.reprice(ledger.receive("10", "1"), "5")
    assert ledger.last()[0] == (5, 0)


def test_stock_never_bears_more_of_a_smaller_cost_than_it_is_worth(ledger: Ledger) -> None:
    receipt = ledger.receive("10", "5")
    ledger.sell("10")
    ledger.receive("10", "0.10")
    ledger.reprice(receipt, "-20")
    booked, now = ledger.last()
    assert (booked, now.value) == ((-1, -19), 0)


def test_only_what_a_receipt_brought_is_repriced_or_returned(ledger: Ledger) -> None:
    ledger.receive("10", "1")
    ledger.write(Kind.GAIN, "5")
    ledger.reprice(2, "1")
    with pytest.raises(NotReceived):
        ledger.costed()


quantities = st.decimals("0.001", "40", places=3)
differences = st.decimals("-50", "50", places=2)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Draw what a site did with an item, and what its receipts turned out to cost."""
    ledger, there = Ledger(), ZERO
    receipts: list[int] = []
    for _ in range(draw(st.integers(1, 25))):
        act = draw(st.sampled_from(("in", "in", "out", "reprice", "reprice")))
        if act == "out" and there:
            sold = there if draw(st.booleans()) else min(draw(quantities), there)
            ledger.sell(str(sold))
            there -= sold
        elif act == "reprice" and receipts:
            ledger.reprice(draw(st.sampled_from(receipts)), str(draw(differences)))
        else:
            quantity = draw(quantities)
            cost = draw(st.decimals("0", "9", places=4))
            receipts.append(ledger.receive(str(quantity), str(cost)))
            there += quantity
    return ledger


@settings(max_examples=300, deadline=None)
@given(ledgers(), st.data())
def test_any_order_with_any_repeats_gives_the_same_corrections(
    ledger: Ledger, data: st.DataObject
) -> None:
    """E2: however the facts come, and however the batches are cut."""
    expected, straight = ledger.costed()
    mixed = Books({S: Valuation(*S)})
    repeats = data.draw(st.lists(st.sampled_from(ledger.told), max_size=10))
    arriving = data.draw(st.permutations([*ledger.told, *repeats]))
    size = data.draw(st.integers(1, len(arriving)))
    waiting: dict[int, Movement] = {}
    found: list[Entry] = []
    for at in range(0, len(arriving), size):
        waiting |= {one.sequence: one for one in arriving[at : at + size]}
        found += mixed.advance({S: waiting})
    assert found == expected
    assert mixed.valuations == straight.valuations


@settings(max_examples=300, deadline=None)
@given(ledgers())
def test_what_is_booked_is_the_difference_and_no_cent_is_lost(ledger: Ledger) -> None:
    """C7, E5: each correction is booked whole, between stock and the cost of what was sold."""
    entries, books = ledger.costed()
    now = books.valuations[S]
    for entry in entries:
        if entry.movement.kind is Kind.REVALUATION:
            assert entry.value + entry.cost_of_sales == entry.movement.difference
            assert entry.quantity == 0
        assert entry.value_after >= 0
        assert entry.quantity_after > 0 or entry.value_after == 0
    assert sum((entry.value for entry in entries), ZERO) == now.value
