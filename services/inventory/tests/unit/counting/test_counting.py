"""What counts amount to, and what the books held when they were made (A3)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.domain import BaseQuantity
from inventory.counting.domain.count_refusals import (
    CountDiffers,
    CountedInFuture,
    CountedTooEarly,
    RecountBySamePerson,
)
from inventory.counting.domain.counts import Count, Moved, Opening, Tolerance, found_by
from inventory.counting.domain.line import CLOCK_DRIFT, CountLine, LineState, Outcome
from inventory.stock.domain import Place

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
HOUR = 3600

seconds = st.integers(min_value=1, max_value=HOUR)
changes = st.decimals(min_value=-50, max_value=50, places=3).filter(bool)
movements = st.lists(st.tuples(seconds, changes), max_size=12)
quantities = st.decimals(min_value=0, max_value=1000, places=3)


def at(second: int) -> datetime:
    """Return a moment after the sheet was opened."""
    return START + timedelta(seconds=second)


def counted(quantity: Any, second: int = 60, **more: Any) -> Count:
    """Return a count."""
    figures: dict[str, Any] = {
        "count_id": uuid4(),
        "line_no": 1,
        "round_no": 1,
        "measured": BaseQuantity(Decimal(quantity), "box", Decimal(quantity), 0),
        "counted_at": at(second),
        "counted_by": "ann",
        "received_at": at(HOUR),
    }
    return Count(**{**figures, **more})


def opened(quantity: Any = 10, moved: Sequence[Moved] = ()) -> CountLine:
    """Return a line whose place held so much when it was opened."""
    return CountLine(
        line_no=1,
        place=Place("north", "tea", "main"),
        opening=Opening(Decimal(quantity), 7),
        rounds=[START],
        moved=moved,
    )


@given(quantities, movements, seconds, st.randoms())
def test_movements_in_any_order_around_the_count_never_become_differences(
    opening: Decimal, moves: list[tuple[int, Decimal]], second: int, chance: Any
) -> None:
    """Whoever counts what is truly there finds no difference, whatever moved and when."""
    on_the_shelf = opening + sum((change for when, change in moves if when <= second), Decimal(0))
    written = [Moved(at(when), change) for when, change in moves]
    chance.shuffle(written)
    finding = found_by([counted(on_the_shelf, second)], Opening(opening, 7), written)
    assert finding is not None
    assert (finding.off, finding.expected, finding.uncertain) == (0, on_the_shelf, False)


@given(quantities, movements, seconds, changes)
def test_the_difference_is_what_the_shelf_differs_by_however_much_moves(
    opening: Decimal, moves: list[tuple[int, Decimal]], second: int, wrong: Decimal
) -> None:
    there = opening + wrong + sum((change for when, change in moves if when <= second), Decimal(0))
    written = [Moved(at(when), change) for when, change in moves]
    finding = found_by([counted(there, second)], Opening(opening, 7), written)
    assert finding is not None
    assert finding.gain - finding.loss == wrong
    assert min(finding.gain, finding.loss) == 0


@given(quantities, movements, seconds)
def test_what_was_expected_is_the_balance_now_less_what_came_after(
    opening: Decimal, moves: list[tuple[int, Decimal]], second: int
) -> None:
    written = [Moved(at(when), change) for when, change in moves]
    now = opening + sum((one.change for one in written), Decimal(0))
    after = sum((one.change for one in written if one.posted_at > at(second)), Decimal(0))
    assert Opening(opening).quantity_at(at(second), written) == now - after


@given(st.lists(st.tuples(st.sampled_from("AB"), seconds, quantities), min_size=1), st.randoms())
def test_spots_add_up_whatever_the_order_in_which_counts_arrive(
    told: list[tuple[str, int, Decimal]], chance: Any
) -> None:
    counts = [
        counted(quantity, second, spot=spot, count_id=UUID(int=number))
        for number, (spot, second, quantity) in enumerate(told)
    ]
    last = {one.spot: one for one in sorted(counts, key=lambda one: (one.counted_at, one.count_id))}
    chance.shuffle(counts)
    finding = found_by(counts, Opening(), [])
    assert finding is not None
    assert finding.counted == sum(one.measured.quantity for one in last.values())
    assert finding.counted_at == max(one.counted_at for one in last.values())


def test_goods_that_move_between_two_spots_make_the_sum_uncertain() -> None:
    spots = [counted(4, 60, spot="A"), counted(5, 120, spot="B")]
    for second, uncertain in ((59, False), (60, False), (61, True), (120, True), (121, False)):
        finding = found_by(spots, Opening(Decimal(10)), [Moved(at(second), Decimal(-1))])
        assert finding is not None
        assert finding.uncertain is uncertain, second


def test_units_with_numbers_are_found_and_missed_by_name() -> None:
    opening = Opening(Decimal(3), 7, ("s1", "s2", "s3"))
    moved = [
        Moved(at(10), Decimal(1), ("s4",)),
        Moved(at(20), Decimal(-1), ("s1",)),
        Moved(at(90), Decimal(-2), ("s2", "s3")),
    ]
    finding = found_by([counted(3, 60, serials=("s2", "s4", "s9"))], opening, moved)
    assert finding is not None
    assert (finding.found, finding.missing) == (("s9",), ("s3",))
    assert (finding.gain, finding.loss, finding.off, finding.expected) == (1, 1, 2, 3)


@pytest.mark.parametrize(
    ("quantity", "percent", "found", "state"),
    [
        (0, 0, 10, LineState.COUNTED),
        (0, 0, 9, LineState.TO_RECOUNT),
        (1, 0, 9, LineState.COUNTED),
        (1, 0, 8, LineState.TO_RECOUNT),
        (0, 20, 8, LineState.COUNTED),
        (1, 20, 12, LineState.COUNTED),
        (1, 20, "12.001", LineState.TO_RECOUNT),
    ],
)
def test_a_first_count_beyond_the_larger_tolerance_is_not_the_last_word(
    quantity: int, percent: int, found: Any, state: LineState
) -> None:
    line = opened()
    line.take(counted(found))
    assert line.state(Tolerance(Decimal(quantity), Decimal(percent))) is state


def test_another_person_s_count_is_the_last_word() -> None:
    line = opened()
    line.take(counted(7))
    line.recount(at(100))
    assert line.state(Tolerance()) is LineState.UNCOUNTED
    with pytest.raises(RecountBySamePerson):
        line.take(counted(7, 120, round_no=2))
    line.take(counted(7, 120, round_no=2, counted_by="bob"))
    assert line.state(Tolerance()) is LineState.COUNTED
    # Late news: bob has counted in the first round, too, so that nobody else has confirmed it.
    assert line.take(counted(7, 50, counted_by="bob")) is Outcome.SUPERSEDED
    assert line.state(Tolerance()) is LineState.TO_RECOUNT


def test_a_count_belongs_to_the_round_that_ran_when_it_was_made() -> None:
    line = opened()
    line.take(counted(7))
    line.recount(at(100))
    now = at(HOUR)
    assert [line.round_of(at(second), now) for second in (0, 99, 100, 3000)] == [1, 1, 2, 2]
    assert line.round_of(now + CLOCK_DRIFT, now) == 2
    with pytest.raises(CountedTooEarly):
        line.round_of(at(-1), now)
    with pytest.raises(CountedInFuture):
        line.round_of(now + CLOCK_DRIFT + timedelta(seconds=1), now)


def test_an_id_stands_for_one_count() -> None:
    told = counted(7)
    assert told.repeats(told)
    for other in (
        counted(8, count_id=told.count_id),
        counted(7, 61, count_id=told.count_id),
        counted(7, count_id=told.count_id, spot="B"),
        counted(7, count_id=told.count_id, counted_by="bob"),
    ):
        with pytest.raises(CountDiffers):
            other.repeats(told)
