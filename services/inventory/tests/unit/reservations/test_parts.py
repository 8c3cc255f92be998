"""What is held may leave in parts; the rest goes on being held, and never more leaves than was."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.reservations.domain.parts import Part, fulfil_part, release_rest
from inventory.reservations.domain.refusals import (
    NotConfirmed,
    ReservationGone,
    RestDiffers,
    ShipmentDiffers,
    ShippedUnitsDiffer,
)
from inventory.reservations.domain.reservation import Reason, Reservation, ReservedLine, Status

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIRST, SECOND = UUID(int=7), UUID(int=8)


def held(*quantities: int, serials: tuple[str, ...] = ()) -> Reservation:
    """Return a paid reservation of tea, a line for each quantity."""
    made = Reservation(
        uuid4(),
        uuid4(),
        "north",
        "main",
        NOON,
        NOON + timedelta(hours=1),
        lines=[
            ReservedLine(number, "tea", Decimal(quantity), Decimal(quantity), serials=serials)
            for number, quantity in enumerate(quantities, start=1)
        ],
    )
    made.confirm(NOON)
    return made


def part(line_no: int, quantity: str, *serials: str, item: str = "tea", batch: str = "") -> Part:
    return Part(line_no, (item, batch), Decimal(quantity), serials)


def test_what_has_not_left_is_still_held_and_the_last_part_ends_the_reservation() -> None:
    """B2."""
    made = held(5, 2)
    fulfil_part(made, FIRST, "main", [part(1, "3")])
    assert [line.outstanding for line in made.lines] == [2, 2]
    assert (made.status, made.shipment_id) == (Status.CONFIRMED, None)
    fulfil_part(made, SECOND, "main", [part(2, "2"), part(1, "2")])
    assert (made.status, made.shipment_id) == (Status.FULFILLED, SECOND)


@pytest.mark.parametrize(
    "wrong",
    [
        [part(1, "6")],
        [part(1, "3"), part(1, "3")],
        [part(3, "1")],
        [part(1, "1", item="rice")],
        [part(1, "1", batch="b1")],
    ],
    ids=["too much", "too much together", "no such line", "another item", "another batch"],
)
def test_what_is_not_held_does_not_leave(wrong: list[Part]) -> None:
    with pytest.raises(ShipmentDiffers):
        fulfil_part(held(5, 2), FIRST, "main", wrong)


def test_nothing_leaves_from_another_warehouse() -> None:
    with pytest.raises(ShipmentDiffers):
        fulfil_part(held(5), FIRST, "back", [part(1, "1")])


def test_nothing_leaves_unpaid_or_twice() -> None:
    made = held(1)
    fulfil_part(made, FIRST, "main", [part(1, "1")])
    with pytest.raises(NotConfirmed):
        fulfil_part(made, SECOND, "main", [part(1, "1")])


def test_units_that_are_held_by_name_leave_by_name() -> None:
    made = held(3, serials=("s1", "s2", "s3"))
    fulfil_part(made, FIRST, "main", [part(1, "2", "s3", "s1")])
    assert made.lines[0].outstanding == 1
    for named in ((), ("s1", "s2"), ("s9",)):
        with pytest.raises(ShippedUnitsDiffer):
            fulfil_part(made, SECOND, "main", [part(1, "1", *named)])


@given(st.lists(st.integers(1, 20), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_in_whatever_order_parts_are_heard_of_all_of_it_has_left(
    quantities: list[int], chance: Random
) -> None:
    made = held(*quantities)
    units = [number for number, quantity in enumerate(quantities, 1) for _ in range(quantity)]
    chance.shuffle(units)
    for count, number in enumerate(units, start=1):
        assert made.status is Status.CONFIRMED
        fulfil_part(made, UUID(int=count), "main", [part(number, "1")])
    assert (made.status, made.shipment_id) == (Status.FULFILLED, UUID(int=len(units)))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(0, 9), st.integers(0, 6))
def test_letting_go_of_the_rest_keeps_what_shipments_took_whenever_they_are_heard_of(
    parts: list[int], rest: int, heard: int
) -> None:
    """B2: some are booked before, the others after; what is freed and what left is all of it."""
    made = held(sum(parts) + rest)
    for quantity in parts[:heard]:
        fulfil_part(made, FIRST, "main", [part(1, str(quantity))])
    freed = release_rest(made, {1: Decimal(sum(parts))}, SECOND)
    assert sum(freed.values()) == rest
    for quantity in parts[heard:]:
        assert made.status is Status.CONFIRMED
        fulfil_part(made, SECOND, "main", [part(1, str(quantity))])
    assert made.status is Status.FULFILLED
    assert release_rest(made, {1: Decimal(sum(parts))}, SECOND) == {}


@pytest.mark.parametrize("shipped", [{1: "2"}, {1: "6"}, {1: "3", 9: "1"}])
def test_a_rest_is_let_go_of_only_by_what_can_have_left(shipped: dict[int, str]) -> None:
    made = held(5)
    fulfil_part(made, FIRST, "main", [part(1, "3")])
    with pytest.raises(RestDiffers):
        release_rest(made, {no: Decimal(quantity) for no, quantity in shipped.items()}, FIRST)
    assert made.lines[0].outstanding == 2


def test_what_is_unpaid_or_released_has_no_rest() -> None:
    unpaid = Reservation(uuid4(), uuid4(), "north", "main", NOON, NOON + timedelta(hours=1))
    with pytest.raises(NotConfirmed):
        release_rest(unpaid, {}, FIRST)
    gone = held(5)
    gone.release(Reason.RECALLED)
    with pytest.raises(ReservationGone):
        release_rest(gone, {1: Decimal(1)}, FIRST)
