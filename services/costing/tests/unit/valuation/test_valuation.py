"""Moving weighted average: to the cent, nothing lost, the same in any order (E1, E2, E5)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.valuation.domain.books import Books
from costing.valuation.domain.movement import Entry, Kind, Movement
from costing.valuation.domain.refusals import MoreIssuedThanThere
from costing.valuation.domain.valuation import CENT, Valuation
from servicekit.errors import Refusal

S = ("s", "i")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def movement(sequence: int, kind: Kind, quantity: str, cost: str | None = None) -> Movement:
    return Movement(
        site_id="s",
        item_id="i",
        sequence=sequence,
        kind=kind,
        quantity=Decimal(quantity),
        unit_cost=None if cost is None else Decimal(cost),
        document_id=UUID(int=sequence),
        document_number=f"D{sequence}",
        line_no=1,
        posted_at=AT,
    )


def receipt(sequence: int, quantity: str, cost: str) -> Movement:
    return movement(sequence, Kind.RECEIPT, quantity, cost)


def issue(sequence: int, quantity: str) -> Movement:
    return movement(sequence, Kind.SHIPMENT, quantity)


def fold(*movements: Movement) -> tuple[Valuation, list[Entry]]:
    books = Books({S: Valuation(*S)})
    entries = books.advance({S: {one.sequence: one for one in movements}})
    for refusal in books.refused.values():
        raise refusal
    return books.valuations[S], entries


def test_a_receipt_adds_its_cost() -> None:
    valuation, (entry,) = fold(receipt(1, "10", "1.25"))
    assert (valuation.quantity, valuation.value, valuation.unit_cost) == (
        10,
        Decimal("12.50"),
        Decimal("1.25"),
    )
    assert (entry.quantity, entry.value) == (10, Decimal("12.50"))


def test_a_second_receipt_moves_the_average() -> None:
    valuation, _ = fold(receipt(1, "10", "1"), receipt(2, "10", "2"))
    assert valuation.unit_cost == Decimal("1.5")


def test_an_issue_takes_its_share_and_leaves_the_average() -> None:
    valuation, entries = fold(receipt(1, "10", "1"), receipt(2, "10", "2"), issue(3, "4"))
    assert (entries[-1].quantity, entries[-1].value) == (-4, Decimal("-6.00"))
    assert valuation.unit_cost == Decimal("1.5")


def test_the_last_unit_takes_all_that_is_left() -> None:
    valuation, entries = fold(
        receipt(1, "3", "0.3333"), issue(2, "1"), issue(3, "1"), issue(4, "1")
    )
    assert [entry.value for entry in entries] == [
        Decimal("1.00"),
        Decimal("-0.33"),
        Decimal("-0.34"),
        Decimal("-0.33"),
    ]
    assert (valuation.quantity, valuation.value) == (0, 0)


def test_what_is_below_a_cent_is_carried_to_the_next_receipt() -> None:
    valuation, entries = fold(*(receipt(number, "1", "0.004") for number in range(1, 6)))
    assert sum(entry.value for entry in entries) == valuation.value == Decimal("0.02")
    assert valuation.carried == 0


def test_goods_without_cost_have_no_value() -> None:
    valuation, entries = fold(receipt(1, "5", "0"), issue(2, "2"))
    assert (valuation.value, entries[-1].value, entries[-1].unit_cost) == (0, 0, 0)


def test_a_small_issue_names_the_average_and_not_what_rounding_made_of_it() -> None:
    _, entries = fold(receipt(1, "10", "4.99"), issue(2, "0.001"))
    assert (entries[-1].value, entries[-1].unit_cost) == (0, Decimal("4.99"))


def test_more_issued_than_there_can_not_be_true() -> None:
    with pytest.raises(MoreIssuedThanThere):
        fold(receipt(1, "1", "1"), issue(2, "2"))


def test_tens_of_thousands_of_litres_keep_their_cents() -> None:
    valuation, entries = fold(receipt(1, "27632", "0.0014"), issue(2, "13816"))
    assert (entries[-1].value, valuation.value) == (Decimal("-19.34"), Decimal("19.34"))


quantities = st.decimals("0.001", "5000", places=3)
costs = st.decimals("0", "999", places=6)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Movement]:
    """Draw ledgers that never go below zero."""
    movements: list[Movement] = []
    there = Decimal(0)
    for number in range(1, draw(st.integers(1, 30)) + 1):
        if there > 0 and draw(st.booleans()):
            quantity = there if draw(st.booleans()) else min(draw(quantities), there)
            movements.append(issue(number, str(quantity)))
            there -= quantity
        else:
            quantity = draw(quantities)
            movements.append(receipt(number, str(quantity), str(draw(costs))))
            there += quantity
    return movements


@given(ledgers())
def test_no_cent_is_made_or_lost(movements: list[Movement]) -> None:
    valuation, entries = fold(*movements)
    assert sum((entry.value for entry in entries), Decimal(0)) == valuation.value
    assert sum((entry.quantity for entry in entries), Decimal(0)) == valuation.quantity
    received = sum(
        (m.quantity * m.unit_cost for m in movements if m.unit_cost is not None), Decimal(0)
    )
    entered = sum((e.value for e in entries if e.movement.kind is Kind.RECEIPT), Decimal(0))
    assert received - entered == valuation.carried
    assert abs(valuation.carried) <= CENT / 2


@given(ledgers())
def test_no_stock_means_no_value_and_value_is_never_negative(movements: list[Movement]) -> None:
    _, entries = fold(*movements)
    for entry in entries:
        assert entry.value_after >= 0
        assert entry.quantity_after > 0 or entry.value_after == 0
        assert entry.value == entry.value.quantize(CENT)


@given(ledgers())
def test_the_same_ledger_gives_the_same_costs(movements: list[Movement]) -> None:
    assert fold(*movements) == fold(*movements)


def test_what_can_not_be_true_stops_its_stream_and_no_other() -> None:
    other = ("s", "j")
    books = Books({S: Valuation(*S), other: Valuation(*other)})
    good = replace(receipt(1, "1", "1"), item_id="j")
    books.advance({S: {1: issue(1, "1"), 2: receipt(2, "1", "1")}, other: {1: good}})
    assert (books.valuations[S].sequence, books.valuations[other].sequence) == (0, 1)
    assert isinstance(books.refused[S], Refusal)
