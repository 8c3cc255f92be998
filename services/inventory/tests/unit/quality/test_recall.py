"""What was delivered of called back goods comes back, is given up, or stays outstanding (H3)."""

from decimal import Decimal
from uuid import UUID

import pytest

from inventory.quality.domain.recall import Delivery, Fate, Outcome, Recall, RecallClass, Told
from inventory.quality.domain.refusals import (
    MoreThanOutstanding,
    NothingNamed,
    RecallIsClosed,
)
from servicekit.clock import now


def delivery(quantity: str) -> Delivery:
    number = UUID(int=1)
    return Delivery(
        number, "north", "milk", 7, "L1", Decimal(quantity), number, "SH-1", shipped_at=now()
    )


def recall() -> Recall:
    return Recall(UUID(int=1), "RC-1", "milk", RecallClass.SERIOUS, "germs", "chen", now(), ["L1"])


def test_a_delivery_is_settled_in_parts() -> None:
    one = delivery("10")
    one.settle(Fate.RECOVERED, Decimal(6))
    one.settle(Fate.WRITTEN_OFF, Decimal(3))
    assert (one.recovered, one.written_off, one.outstanding) == (6, 3, 1)


def test_no_more_comes_back_than_was_delivered() -> None:
    one = delivery("10")
    one.settle(Fate.RECOVERED, Decimal(6))
    with pytest.raises(MoreThanOutstanding):
        one.settle(Fate.WRITTEN_OFF, Decimal("4.1"))
    assert one.outstanding == 4


def booked(entry: int, quantity: int) -> Told:
    return Told(Fate.RECOVERED, Decimal(quantity), UUID(int=entry), entry)


def by_hand(quantity: int, fate: Fate = Fate.RECOVERED, paper: UUID | None = None) -> Told:
    return Told(fate, Decimal(quantity), paper)


def undone(entry: int, quantity: int) -> Told:
    return Told(Fate.TAKEN_BACK, Decimal(quantity), UUID(int=9), 100 + entry, entry)


@pytest.mark.parametrize(
    ("told", "recovered", "written_off"),
    [
        ([booked(1, 2), booked(2, 3)], 5, 0),
        ([booked(1, 4), undone(1, 1), undone(1, 3), booked(2, 2)], 2, 0),
        ([by_hand(3), booked(1, 4)], 4, 0),
        ([by_hand(3), booked(1, 2), booked(2, 2)], 4, 0),
        ([by_hand(3), booked(1, 4), undone(1, 4)], 3, 0),
        ([booked(1, 4), by_hand(3)], 7, 0),
        ([by_hand(3, paper=UUID(int=5)), booked(1, 4)], 7, 0),
        ([by_hand(8, Fate.WRITTEN_OFF), booked(1, 5)], 5, 5),
        ([by_hand(8, Fate.WRITTEN_OFF), booked(1, 5), undone(1, 5)], 0, 8),
        ([booked(1, 10), by_hand(1)], 10, 0),
    ],
)
def test_a_customers_return_counts_once_and_proves_what_was_told_before(
    told: list[Told], recovered: int, written_off: int
) -> None:
    one = delivery("10")
    one.recount(told)
    assert (one.recovered, one.written_off) == (recovered, written_off)


def test_a_recall_is_closed_once() -> None:
    one = recall()
    one.close(Outcome.COMPLETED, "lin", now())
    assert not one.is_open
    with pytest.raises(RecallIsClosed):
        one.close(Outcome.WITHDRAWN, "lin", now())


NAMED = (UUID(int=1), "RC-1", "milk", RecallClass.SERIOUS, "germs", "chen", now())


def test_a_recall_is_of_batches_or_of_a_range_of_units() -> None:
    assert Recall(*NAMED, ["L2", "L1", "L2"]).batches == ["L1", "L2"]
    assert Recall(*NAMED, [], "A", "B").batches == []


@pytest.mark.parametrize(
    ("batches", "first", "last"),
    [
        ([], None, None),
        (["L1"], "A", "B"),
        (["L1"], None, "B"),
        ([], "A", None),
        ([], "B", "A"),
    ],
)
def test_a_recall_of_nothing_or_of_both_is_none(
    batches: list[str], first: str | None, last: str | None
) -> None:
    with pytest.raises(NothingNamed):
        Recall(*NAMED, batches, first, last)
