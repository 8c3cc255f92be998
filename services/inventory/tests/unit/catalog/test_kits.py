"""A kit is its components: how many can be made is computed (B4)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.domain import (
    Item,
    Kit,
    KitComponent,
    KitImpossible,
    KitNotStocked,
    KitRepeatsComponent,
    Tracking,
)

amounts = st.decimals(min_value="0.001", max_value=1000, places=3)


def kit(*components: tuple[str, Decimal]) -> Kit:
    return Kit("set", 1, tuple(KitComponent(item_id, quantity) for item_id, quantity in components))


def basket(**changes: object) -> Item:
    return Item("set", "Set", "EA", **{"scale": 0, **changes})  # type: ignore[arg-type]


@given(
    needed=st.dictionaries(st.sampled_from("abcd"), amounts, min_size=1),
    there=st.dictionaries(st.sampled_from("abcd"), amounts),
)
def test_so_many_kits_can_be_made_and_not_one_more(
    needed: dict[str, Decimal], there: dict[str, Decimal]
) -> None:
    made_of = kit(*needed.items())
    count, limiting = made_of.makeable(there)
    for item_id, quantity in made_of.explode(count):
        assert quantity <= there.get(item_id, Decimal(0))
    short = {
        item_id
        for item_id, quantity in made_of.explode(count + 1)
        if quantity > there.get(item_id, Decimal(0))
    }
    assert short == set(limiting)


def test_a_component_stands_once_in_a_kit() -> None:
    with pytest.raises(KitRepeatsComponent):
        kit(("tea", Decimal(1)), ("tea", Decimal(2)))


def test_an_item_becomes_a_kit_before_its_first_use_and_gets_versions() -> None:
    item = basket()
    assert [item.become_kit(), item.become_kit()] == [1, 2]
    with pytest.raises(KitNotStocked):
        item.must_be_stocked()


@pytest.mark.parametrize("change", [{"in_use": True}, {"scale": 2}, {"tracking": Tracking.BATCH}])
def test_what_is_stocked_split_or_tracked_is_no_kit(change: dict[str, object]) -> None:
    with pytest.raises(KitImpossible):
        basket(**change).become_kit()
