"""What is to be held so that what is in hand is: goods and quantities stay what they were (B5)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.orders.domain.lines import HeldLine, OrderLine
from sales.orders.domain.swapping import InHand, SwapLine, swapped
from sales.picking.domain import GoodsPicked, UnitsMiscounted, must_be_in_one_hand

UNITS = {"tea": "box", "cup": "EA", "phone": "EA"}


def ordered(line_no: int, item_id: str) -> OrderLine:
    return OrderLine(
        line_no=line_no, item_id=item_id, unit="case", quantity=Decimal(1), amount=Decimal(1)
    )


def swap(held: list[HeldLine], *hands: InHand) -> list[SwapLine]:
    lines = [ordered(no, item) for no, item in ((1, "tea"), (2, "set"), (3, "phone"))]
    return swapped(held, {one.line_no: one for one in hands}, lines, UNITS)


def tea() -> HeldLine:
    return HeldLine(line_no=1, order_line_no=1, item_id="tea", quantity=Decimal(12), batch_id="t1")


CUP = HeldLine(line_no=4, order_line_no=2, item_id="cup", quantity=Decimal(6), unit_version=2)


def test_what_is_not_in_hand_is_asked_for_as_it_is_held_and_numbered_anew() -> None:
    """A part of a kit needn't be for sale by itself."""
    lines = swap([tea(), CUP], InHand(line_no=1, quantity=Decimal(12), batch_id="t2"))
    assert [(one.line_no, one.batch_id, one.in_hand) for one in lines] == [
        (1, "t2", 12),
        (2, "", None),
    ]
    assert [(one.unit, one.gift, one.unit_version) for one in lines] == [
        ("box", False, None),
        ("EA", True, 2),
    ]


@given(taken=st.integers(1, 11))
def test_of_a_part_the_rest_stays_in_its_place_and_the_other_batch_comes_last(taken: int) -> None:
    lines = swap([tea(), CUP], InHand(line_no=1, quantity=Decimal(taken), batch_id="t2"))
    assert [(one.batch_id, one.order_line_no, one.in_hand) for one in lines] == [
        ("t1", 1, None),
        ("", 2, None),
        ("t2", 1, taken),
    ]
    assert lines[0].quantity + lines[2].quantity == 12


@given(
    held=st.lists(st.sampled_from("abcdef"), unique=True, min_size=1),
    data=st.data(),
)
def test_as_many_units_are_held_as_before_and_those_in_hand_are_among_them(
    held: list[str], data: st.DataObject
) -> None:
    most = len(held)
    hand = data.draw(st.lists(st.sampled_from("abcdefxyz"), unique=True, min_size=1, max_size=most))
    line = HeldLine(
        line_no=1, order_line_no=3, item_id="phone", quantity=Decimal(most), serials=tuple(held)
    )
    (other,) = swap([line], InHand(line_no=1, quantity=Decimal(len(hand)), serials=tuple(hand)))
    assert len(set(other.serials)) == len(other.serials) == most
    assert set(hand) <= set(other.serials) <= set(held) | set(hand)
    assert tuple(other.serials_in_hand) == tuple(hand)


def test_units_of_another_batch_leave_the_line_and_as_many_stay_as_are_not_in_hand() -> None:
    line = HeldLine(
        line_no=1,
        order_line_no=3,
        item_id="phone",
        quantity=Decimal(3),
        batch_id="p1",
        serials=("a", "b", "c"),
    )
    hand = InHand(line_no=1, quantity=Decimal(2), batch_id="p2", serials=("x", "y"))
    rest, taken = swap([line], hand)
    assert (rest.quantity, rest.serials, taken.serials) == (1, ("c",), ("x", "y"))


def phones(line_no: int, *serials: str) -> HeldLine:
    """Return a line that holds units, which say by their first letter of which batch they are."""
    return HeldLine(
        line_no=line_no,
        order_line_no=3,
        item_id="phone",
        quantity=Decimal(len(serials)),
        batch_id=serials[0][0],
        serials=serials,
    )


def in_hand(line_no: int, *serials: str) -> InHand:
    return InHand(
        line_no=line_no, quantity=Decimal(len(serials)), batch_id=serials[0][0], serials=serials
    )


def test_a_unit_that_another_line_holds_changes_places_with_one_that_is_not_wanted() -> None:
    held = [phones(1, "pA", "pB"), phones(2, "pC", "pD")]
    assert [one.serials for one in swap(held, in_hand(1, "pC"))] == [("pC", "pB"), ("pD", "pA")]
    both = swap(held, in_hand(1, "pC"), in_hand(2, "pD"))
    assert [one.serials for one in both] == [("pC", "pB"), ("pD", "pA")]
    assert [one.serials_in_hand for one in both] == [("pC",), ("pD",)]


def test_where_the_unit_is_of_another_batch_the_lines_change_batches_too() -> None:
    held = [phones(1, "pA", "pB"), phones(2, "qC", "qD")]
    lines = swap(held, in_hand(1, "qC", "qD"))
    assert [(one.batch_id, one.serials, one.in_hand) for one in lines] == [
        ("q", ("qC", "qD"), 2),
        ("p", ("pA", "pB"), None),
    ]


def test_nobody_has_one_unit_in_hand_for_two_lines() -> None:
    both = [
        GoodsPicked(line_no=no, quantity=Decimal(1), batch_id="p", serials=("pA",)) for no in (1, 2)
    ]
    with pytest.raises(UnitsMiscounted, match="Line 2"):
        must_be_in_one_hand(("phone", one) for one in both)
    must_be_in_one_hand(zip(("phone", "watch"), both, strict=True))


UNIT_NAMES = [batch + letter for batch in "pq" for letter in "abcde"]


@st.composite
def handfuls(draw: st.DrawFn) -> tuple[list[HeldLine], list[InHand]]:
    """Draw lines that hold units, and of some of them units in hand, held by whichever line."""
    order = draw(st.permutations(UNIT_NAMES))
    held, batches = (
        list[HeldLine](),
        {name: [one for one in order if one[0] == name] for name in "pq"},
    )
    for batch in draw(st.lists(st.sampled_from("pq"), min_size=1, max_size=4)):
        count = draw(st.integers(1, 3))
        units, batches[batch] = batches[batch][:count], batches[batch][count:]
        if units:
            held.append(phones(len(held) + 1, *units))
    free, hands = draw(st.permutations(UNIT_NAMES)), list[InHand]()
    for line in held:
        batch, most = draw(st.sampled_from("pq")), draw(st.integers(0, int(line.quantity)))
        units = [one for one in free if one[0] == batch][:most]
        if units:
            hands.append(in_hand(line.line_no, *units))
            free = [one for one in free if one not in units]
    return held, hands


@given(drawn=handfuls())
def test_every_unit_is_on_one_line_and_what_is_in_hand_on_its_own(
    drawn: tuple[list[HeldLine], list[InHand]],
) -> None:
    held, hands = drawn
    numbered = [replace(one, order_line_no=one.line_no) for one in held]
    ordered_lines = [ordered(one.line_no, "phone") for one in held]
    lines = swapped(numbered, {one.line_no: one for one in hands}, ordered_lines, UNITS)
    units = [one for line in lines for one in line.serials]
    assert len(set(units)) == len(units)
    assert all(len(line.serials) == line.quantity > 0 for line in lines)
    assert all(one[0] == line.batch_id for line in lines for one in line.serials)
    for line in held:
        its = [one for one in lines if one.order_line_no == line.line_no]
        assert sum(one.quantity for one in its) == line.quantity
    named = {one.line_no: one for one in hands}
    for line in lines:
        if line.in_hand is not None:
            hand = named.pop(line.order_line_no)
            assert (line.in_hand, tuple(line.serials_in_hand)) == (hand.quantity, hand.serials)
            assert set(hand.serials) <= set(line.serials)
    assert named == {}
    taken = {one for hand in hands for one in hand.serials}
    assert taken <= set(units) <= taken | {one for line in held for one in line.serials}
