"""A reservation has one end."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from inventory.reservations.domain.refusals import (
    NotConfirmed,
    ReservationExpired,
    ReservationGone,
    ReservationShipped,
    ShipmentDiffers,
    ShippedUnitsDiffer,
)
from inventory.reservations.domain.reservation import (
    Goods,
    Reason,
    Reservation,
    ReservedLine,
    Status,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
SHIPMENT = UUID(int=7)
TEA, RICE = ("tea", ""), ("rice", "")


def reservation(*lines: tuple[str, str]) -> Reservation:
    return Reservation(
        uuid4(),
        uuid4(),
        "north",
        "main",
        NOON,
        NOON + HOUR,
        lines=[
            ReservedLine(number, item, Decimal(quantity), Decimal(quantity))
            for number, (item, quantity) in enumerate(lines or (("tea", "2"), ("tea", "3")), 1)
        ],
    )


def confirmed(*lines: tuple[str, str]) -> Reservation:
    made = reservation(*lines)
    made.confirm(NOON)
    return made


def shipped() -> Reservation:
    made = confirmed()
    made.fulfil(SHIPMENT, "main", [(TEA, Decimal(5))])
    return made


def test_payment_is_taken_until_the_last_moment_and_not_at_the_end() -> None:
    """B2."""
    assert reservation().confirm(NOON + HOUR - MOMENT)
    with pytest.raises(ReservationExpired):
        reservation().confirm(NOON + HOUR)


def test_a_paid_reservation_is_paid_however_late_it_is_told_again() -> None:
    made = confirmed()
    assert not made.confirm(NOON + 5 * HOUR)
    assert made.status is Status.CONFIRMED


def test_a_release_frees_what_is_held_once() -> None:
    made = reservation()
    assert made.release(Reason.CANCELLED) == {TEA: 5}
    assert made.release(Reason.EXPIRED) == {}
    assert (made.status, made.reason) == (Status.RELEASED, Reason.CANCELLED)
    assert [line.outstanding for line in made.lines] == [0, 0]


def test_a_paid_reservation_can_be_cancelled() -> None:
    assert confirmed().release(Reason.CANCELLED) == {TEA: 5}


def test_a_released_reservation_is_not_paid_and_says_how_it_ended() -> None:
    for reason, refusal in (
        (Reason.EXPIRED, ReservationExpired),
        (Reason.CANCELLED, ReservationGone),
    ):
        made = reservation()
        made.release(reason)
        with pytest.raises(refusal):
            made.confirm(NOON)


def test_a_shipment_takes_exactly_what_is_held() -> None:
    made = confirmed(("tea", "2"), ("rice", "1.50"), ("tea", "3"))
    made.fulfil(SHIPMENT, "main", [(RICE, Decimal("1.5")), (TEA, Decimal(5))])
    assert (made.status, made.shipment_id, made.is_open) == (Status.FULFILLED, SHIPMENT, False)


@pytest.mark.parametrize("line", [(TEA, 4), (("box", ""), 2)])
def test_a_kit_is_shipped_as_it_is_held_or_as_it_was_asked_for(line: tuple[Goods, int]) -> None:
    """B4."""
    made = reservation(("tea", "4"))
    (held,) = made.lines
    held.unit, held.unit_quantity, held.kit_item_id, held.kit_line_no = "pc", Decimal(2), "box", 1
    made.confirm(NOON)
    goods, quantity = line
    made.fulfil(SHIPMENT, "main", [(goods, Decimal(quantity))])
    assert made.status is Status.FULFILLED


@pytest.mark.parametrize(
    ("warehouse", "lines"),
    [
        ("back", [(TEA, Decimal(5))]),
        ("main", [(TEA, Decimal(4))]),
        ("main", [(TEA, Decimal(5)), (RICE, Decimal(1))]),
        ("main", [(("tea", "B1"), Decimal(5))]),
        ("main", []),
    ],
)
def test_a_shipment_of_anything_else_is_refused(
    warehouse: str, lines: list[tuple[Goods, Decimal]]
) -> None:
    made = confirmed()
    with pytest.raises(ShipmentDiffers):
        made.fulfil(SHIPMENT, warehouse, lines)
    assert made.status is Status.CONFIRMED


PHONE = ("phone", "L1")


def phones(*named: tuple[str, ...]) -> Reservation:
    """Return a paid reservation of two phones a line, with or without their numbers."""
    made = reservation(*[("phone", "2")] * len(named))
    for line, serials in zip(made.lines, named, strict=True):
        line.batch_id, line.serials = "L1", serials
    made.confirm(NOON)
    return made


def test_units_that_are_held_by_name_are_those_that_leave() -> None:
    """B5, H4."""
    made = phones(("S1", "S2"))
    made.fulfil(SHIPMENT, "main", [(PHONE, Decimal(2))], {PHONE: ["S2", "S1"]})
    assert made.status is Status.FULFILLED


@pytest.mark.parametrize(
    ("shipped", "missing", "surplus"),
    [
        ([], ["S1", "S2"], []),
        (["S1"], ["S2"], []),
        (["S1", "S3"], ["S2"], ["S3"]),
        (["S1", "S2", "S3"], [], ["S3"]),
        (["S1", "S2", "S2"], [], []),
    ],
)
def test_a_shipment_of_other_units_is_refused_by_their_numbers(
    shipped: list[str], missing: list[str], surplus: list[str]
) -> None:
    made = phones(("S1", "S2"))
    with pytest.raises(ShippedUnitsDiffer) as caught:
        made.fulfil(SHIPMENT, "main", [(PHONE, Decimal(2))], {PHONE: shipped})
    assert (caught.value.facts["missing"], caught.value.facts["surplus"]) == (missing, surplus)
    assert made.status is Status.CONFIRMED


def test_units_held_without_a_name_are_named_by_the_shipment() -> None:
    made = phones(("S1", "S2"), ())
    named = {PHONE: ["S1", "S7", "S2", "S8"]}
    made.fulfil(SHIPMENT, "main", [(PHONE, Decimal(4))], named)
    assert [line.serials for line in made.lines] == [("S1", "S2"), ("S7", "S8")]


def test_goods_that_are_not_paid_are_not_shipped() -> None:
    with pytest.raises(NotConfirmed):
        reservation().fulfil(SHIPMENT, "main", [(TEA, Decimal(5))])


def test_shipped_goods_are_not_released_nor_shipped_again() -> None:
    made = shipped()
    with pytest.raises(ReservationShipped):
        made.release(Reason.CANCELLED)
    with pytest.raises(NotConfirmed):
        made.fulfil(SHIPMENT, "main", [(TEA, Decimal(5))])
    assert not made.confirm(NOON)
