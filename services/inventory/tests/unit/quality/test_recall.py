"""What was delivered of called back goods comes back, is given up, or stays outstanding (H3)."""

from decimal import Decimal
from uuid import UUID

import pytest

from inventory.quality.domain.recall import Delivery, Fate, Outcome, Recall, RecallClass
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
