"""What comes back of a shipment brings just what it had cost, in whatever parts (B7, E2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.valuation.domain.books import Books
from costing.valuation.domain.movement import ZERO, Entry, Kind, Movement, ShippedLine, Stream
from costing.valuation.domain.refusals import NotReversible
from costing.valuation.domain.valuation import CENT, Valuation

S: Stream = ("s", "i")
AT = datetime(2026, 1, 1, tzinfo=UTC)
SHIPMENT = UUID(int=77)


def entry(number: int, kind: Kind, quantity: str | Decimal, cost: str | None = None) -> Movement:
    document = (UUID(int=number), f"D{number}", 1, AT)
    given = None if cost is None else Decimal(cost)
    return Movement(*S, number, kind, Decimal(quantity), *document, unit_cost=given)


def back(number: int, quantity: str | Decimal, of: int = 2) -> Movement:
    """Return a movement that brings back a part of entry `of`."""
    return Movement(
        *S,
        number,
        Kind.RETURN,
        Decimal(quantity),
        UUID(int=number),
        f"RT{number}",
        1,
        AT,
        order_id=UUID(int=5),
        reverses=of,
        origin=of,
        shipped=ShippedLine(SHIPMENT, 1),
    )


def undone(number: int, quantity: str | Decimal, of: int, before: str = "0") -> Movement:
    """Return a movement that takes a part of return `of` back, whose goods left by entry 2."""
    return replace(
        back(number, quantity),
        kind=Kind.RETURN_REVERSAL,
        reverses=of,
        reversed_before=Decimal(before),
        return_id=UUID(int=of),
    )


def fold(*movements: Movement) -> tuple[Valuation, list[Entry]]:
    books = Books({S: Valuation(*S)})
    entries = books.advance({S: {one.sequence: one for one in movements}})
    for refusal in books.refused.values():
        raise refusal
    return books.valuations[S], entries


def test_what_comes_back_brings_the_cost_it_left_with_whatever_the_average_is_now() -> None:
    """B7."""
    bought, sold = entry(1, Kind.RECEIPT, "10", "1"), entry(2, Kind.SHIPMENT, "5")
    dearer = entry(3, Kind.RECEIPT, "5", "9")
    valuation, entries = fold(bought, sold, dearer, back(4, "5"))
    assert (entries[-1].quantity, entries[-1].value, entries[-1].unit_cost) == (5, 5, 1)
    assert (valuation.quantity, valuation.value) == (15, 55)


def test_parts_bring_their_shares_and_the_last_takes_the_rest() -> None:
    """B7: 10.00 in thirds."""
    bought, sold = entry(1, Kind.RECEIPT, "3", "3.333333"), entry(2, Kind.SHIPMENT, "3")
    _, entries = fold(bought, sold, back(3, "1"), back(4, "1"), back(5, "1"))
    values = [one.value for one in entries[2:]]
    assert values == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]


@pytest.mark.parametrize(
    "wrong",
    [
        [back(3, "4")],
        [back(3, "3"), back(4, "1")],
        [back(3, "1", of=1)],
        [back(3, "1", of=9)],
        [back(3, "1"), undone(4, "2", of=3)],
        [back(3, "1"), undone(4, "1", of=3, before="1")],
        [undone(3, "1", of=2)],
    ],
    ids=[
        "more than left",
        "more than is left of it",
        "no shipment",
        "no such entry",
        "more than came back",
        "taken back already",
        "no return",
    ],
)
def test_what_was_not_shipped_does_not_come_back(wrong: list[Movement]) -> None:
    with pytest.raises(NotReversible):
        fold(entry(1, Kind.RECEIPT, "10", "1"), entry(2, Kind.SHIPMENT, "3"), *wrong)


def test_a_return_that_is_taken_back_takes_just_what_it_had_brought() -> None:
    """A1: whatever the average is by then; in parts, if its goods lie in several statuses."""
    bought, sold = entry(1, Kind.RECEIPT, "3", "3.333333"), entry(2, Kind.SHIPMENT, "3")
    dearer = entry(3, Kind.RECEIPT, "5", "9")
    parts = undone(5, "1", of=4), undone(6, "2", of=4, before="1")
    valuation, entries = fold(bought, sold, dearer, back(4, "3"), *parts)
    assert [one.value for one in entries[4:]] == [Decimal("-3.33"), Decimal("-6.67")]
    assert [one.cost_of_sales for one in entries[4:]] == [0, 0]
    assert (valuation.quantity, valuation.value) == (5, 45)


def test_what_stays_returned_adds_up_though_an_earlier_part_was_taken_back() -> None:
    """A1, B7: 10.00 in thirds; the first is undone after the second came, and comes again."""
    bought, sold = entry(1, Kind.RECEIPT, "3", "3.333333"), entry(2, Kind.SHIPMENT, "3")
    mistaken = back(3, "1"), back(4, "1"), undone(5, "1", of=3)
    valuation, entries = fold(bought, sold, *mistaken, back(6, "1"), back(7, "1"))
    values = [one.value for one in entries[2:]]
    assert values == [Decimal(one) for one in ("3.33", "3.34", "-3.33", "3.33", "3.33")]
    assert valuation.value == 10


def test_what_others_were_sold_at_meanwhile_is_corrected_where_nothing_else_can_bear_it() -> None:
    """A1: one at 2 came back among 1 at 8; the one sold at 5 had cost 8, as is known now."""
    bought, sold = entry(1, Kind.RECEIPT, "1", "2"), entry(2, Kind.SHIPMENT, "1")
    dearer, other = entry(3, Kind.RECEIPT, "1", "8"), entry(5, Kind.SHIPMENT, "1")
    ledger = [bought, sold, dearer, back(4, "1"), other, undone(6, "1", of=4)]
    valuation, entries = fold(*ledger)
    last = entries[-1]
    assert (last.value, last.cost_of_sales, last.variance) == (-5, 3, 0)
    assert (valuation.quantity, valuation.value) == (0, 0)


@st.composite
def returned_in_parts(draw: st.DrawFn) -> list[Movement]:
    """Draw a shipment that comes back in parts, with purchases and sales between them."""
    parts = draw(st.lists(st.decimals("0.001", "50", places=3), min_size=1, max_size=6))
    cost = draw(st.decimals("0", "99", places=6))
    shipped = sum(parts, ZERO)
    ledger = [
        entry(1, Kind.RECEIPT, shipped + draw(st.integers(0, 9)), str(cost)),
        entry(2, Kind.SHIPMENT, shipped),
    ]
    for part in parts:
        if draw(st.booleans()):
            ledger.append(entry(len(ledger) + 1, Kind.RECEIPT, "7", "3.14159"))
            ledger.append(entry(len(ledger) + 1, Kind.SHIPMENT, "6.5"))
        ledger.append(back(len(ledger) + 1, part))
    return ledger


@given(returned_in_parts())
def test_all_parts_together_bring_exactly_the_cost(ledger: list[Movement]) -> None:
    """B7: once, without a cent made or lost."""
    valuation, entries = fold(*ledger)
    came = [one.value for one in entries if one.movement.kind is Kind.RETURN]
    assert sum(came, ZERO) == -entries[1].value
    assert all(value >= 0 and value == value.quantize(CENT) for value in came)
    assert sum((one.value for one in entries), ZERO) == valuation.value


@given(st.data(), returned_in_parts())
def test_any_order_of_arrival_and_any_repeats_give_the_same_entries(
    data: st.DataObject, ledger: list[Movement]
) -> None:
    """E2: a return that is heard of before its shipment waits for its turn."""
    _, straight = fold(*ledger)
    mixed = data.draw(st.permutations([*ledger, *ledger]))
    assert heard(mixed) == straight


def heard(movements: Sequence[Movement]) -> list[Entry]:
    books, waiting = Books({S: Valuation(*S)}), dict[int, Movement]()
    entries: list[Entry] = []
    for one in movements:
        waiting[one.sequence] = one
        entries += books.advance({S: waiting})
    assert not books.refused
    return entries
