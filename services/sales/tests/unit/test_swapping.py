"""What is to be held so that what is in hand is: goods and quantities stay what they were (B5)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sales.orders.domain.lines import HeldLine, OrderLine
from sales.orders.domain.swapping import InHand, SwapLine, swapped

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
