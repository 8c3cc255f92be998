"""An inspection decides part by part, never on more than there is (A5)."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.quality.domain.inspection import Decision, Findings, Held, Inspection, Part
from inventory.quality.domain.refusals import FrozenAlready, MoreThanHeld, NothingDecided
from inventory.stock.domain import Place, Status
from servicekit.clock import now

PLACE = Place("north", "tea", "main", "L1")
quantities = st.decimals(min_value="0.001", max_value="1000", places=3)


def inspection(*parts: Part, source: Held = Held.IN_INSPECTION) -> Inspection:
    return Inspection(UUID(int=1), PLACE, source, Findings(now(), "chen"), parts)


def part(decision: Decision, quantity: str) -> Part:
    return Part(decision, Decimal(quantity), "seen")


def test_released_goods_can_be_promised_and_others_are_frozen() -> None:
    targets = {decision: decision.target for decision in Decision}
    assert targets == {
        Decision.RELEASE: Status.AVAILABLE,
        Decision.FREEZE: Status.FROZEN,
        Decision.REJECT: Status.FROZEN,
    }


@given(st.lists(st.tuples(st.sampled_from(Decision), quantities), min_size=1, max_size=5))
def test_parts_together_are_what_is_decided_on(given_parts: list[tuple[Decision, Decimal]]) -> None:
    one = inspection(*(Part(decision, quantity) for decision, quantity in given_parts))
    assert sum(one.total(decision) for decision in Decision) == one.decided
    one.must_fit(one.decided)
    with pytest.raises(MoreThanHeld):
        one.must_fit(one.decided - Decimal("0.001"))


def test_an_inspection_without_a_part_is_none() -> None:
    with pytest.raises(NothingDecided):
        inspection()


def test_frozen_goods_that_are_rejected_do_not_move() -> None:
    one = inspection(part(Decision.RELEASE, "2"), part(Decision.REJECT, "3"), source=Held.FROZEN)
    assert [(each.decision, each.quantity) for each in one.moving] == [(Decision.RELEASE, 2)]
    assert one.decided == 5


def test_frozen_goods_are_not_frozen_again() -> None:
    with pytest.raises(FrozenAlready):
        inspection(part(Decision.FREEZE, "1"), source=Held.FROZEN)
