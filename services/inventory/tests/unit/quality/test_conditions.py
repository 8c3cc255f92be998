"""A breach is outside for longer than tolerated; late readings tell nothing new (H2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.quality.domain.conditions import Device, Limits, Range, Reading, Turn, Watch
from inventory.quality.domain.holding import Goods, LetGo
from inventory.quality.domain.refusals import LimitsCrossed
from inventory.stock.domain import Place, Status

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
DEVICE = Device("north", "cold", "probe")
COLD = Limits(
    temperature=Range(Decimal(-25), Decimal(-15), Decimal(1)),
    humidity=Range(None, Decimal(80)),
    tolerated=timedelta(minutes=10),
)


def reading(minute: int, temperature: str, humidity: str | None = None) -> Reading:
    figure = None if humidity is None else Decimal(humidity)
    return Reading(DEVICE, START + timedelta(minutes=minute), Decimal(temperature), figure)


def watched(*readings: Reading, limits: Limits = COLD) -> list[Turn | None]:
    """Take readings as they come, and mark breaches on the watch as the use case does."""
    watch, turns = Watch("north", "cold", "probe"), []
    for one in readings:
        turn = watch.take(one, limits, one.at)
        if turn is not None:
            watch.breach_id = UUID(int=1) if turn is Turn.BREACHED else None
        turns.append(turn)
    return turns


def test_a_short_time_outside_is_tolerated() -> None:
    assert watched(reading(0, "-10"), reading(9, "-10"), reading(12, "-20")) == [None] * 3


def test_a_breach_opens_once_and_closes_once() -> None:
    minutes = [0, 5, 10, 15, 20, 25, 30]
    warm = [reading(minute, "-10") for minute in minutes[:5]]
    cold = [reading(minute, "-20") for minute in minutes[5:]]
    assert watched(*warm, *cold) == [
        None, None, Turn.BREACHED, None, None, Turn.RESTORED, None,
    ]  # fmt: skip


def test_being_inside_for_a_moment_starts_the_time_anew() -> None:
    warm = [reading(0, "-10"), reading(8, "-20"), reading(9, "-10"), reading(18, "-10")]
    assert watched(*warm) == [None] * 4


def test_at_the_edge_is_not_back_inside() -> None:
    edge = [reading(0, "-10"), reading(10, "-10"), reading(11, "-15.5"), reading(12, "-16")]
    assert watched(*edge) == [None, Turn.BREACHED, None, Turn.RESTORED]


def test_too_humid_is_outside_too_and_what_is_not_measured_is_not() -> None:
    assert watched(reading(0, "-20", "90"), reading(10, "-20", "90"))[-1] is Turn.BREACHED
    assert watched(reading(0, "-20"), reading(10, "-20")) == [None, None]


def test_without_tolerance_the_first_reading_outside_is_a_breach() -> None:
    at_once = replace(COLD, tolerated=timedelta())
    assert watched(reading(0, "-10"), limits=at_once) == [Turn.BREACHED]


def test_a_late_or_repeated_reading_opens_nothing() -> None:
    late = [reading(20, "-20"), reading(0, "-5"), reading(15, "-5"), reading(20, "-5")]
    assert watched(*late) == [None] * 4


def test_a_reading_from_the_future_does_not_make_true_ones_late() -> None:
    watch = Watch("north", "cold", "probe")
    ahead = reading(600, "-20")
    assert watch.take(ahead, COLD, START) is None
    assert watch.last_at is None


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["-20", "-10", "-15"]))))
def test_breaches_and_restorations_take_turns(minutes: list[tuple[int, str]]) -> None:
    turns = [one for one in watched(*(reading(*each) for each in minutes)) if one is not None]
    assert turns == [Turn.BREACHED, Turn.RESTORED] * (len(turns) // 2) + [Turn.BREACHED] * (
        len(turns) % 2
    )


def test_limits_leave_room_for_coming_back() -> None:
    with pytest.raises(LimitsCrossed):
        Limits(Range(Decimal(2), Decimal(3), Decimal(1)), Range(None, None), timedelta())


SHELF = Place("north", "fridge", "cold", "")


@pytest.mark.parametrize(("let_go", "left"), [("0", "5"), ("2", "3"), ("5", "0"), ("9", "0")])
def test_of_available_goods_so_many_stay_as_people_let_go(let_go: str, left: str) -> None:
    """H2."""
    available = Goods(SHELF, Decimal(5), Status.AVAILABLE)
    assert LetGo(SHELF, Decimal(let_go)).rest_of(available).quantity == Decimal(left)


def test_units_that_people_let_go_are_known_by_their_numbers() -> None:
    """H2: another unit of the same number of units is another matter."""
    available = Goods(SHELF, Decimal(2), Status.AVAILABLE, serials=("b", "c"))
    rest = LetGo(SHELF, Decimal(2), ("a", "b")).rest_of(available)
    assert (rest.quantity, rest.serials) == (Decimal(1), ("c",))


def test_a_unit_is_let_go_once_and_no_more_when_it_has_left() -> None:
    """H2."""
    unit = Goods(SHELF, Decimal(1), Status.FROZEN, Status.AVAILABLE, ("a",))
    once = LetGo(SHELF, Decimal(0)).and_also(unit)
    assert once == once.and_also(unit) == LetGo(SHELF, Decimal(1), ("a",))
    others = Goods(SHELF, Decimal(1), Status.AVAILABLE, serials=("b",))
    assert once.left_in(others) == once.left_in(None) == LetGo(SHELF, Decimal(0))
    assert once.left_in(replace(others, serials=("a", "b"))) == once


def test_of_what_was_let_go_no_more_stands_than_is_available() -> None:
    """H2."""
    goods = Goods(SHELF, Decimal(4), Status.FROZEN, Status.AVAILABLE)
    twice = LetGo(SHELF, Decimal(2)).and_also(goods)
    assert twice.quantity == Decimal(6)
    for available in (3, 6, 9):
        left = twice.left_in(Goods(SHELF, Decimal(available), Status.AVAILABLE))
        assert left.quantity == Decimal(min(available, 6))
