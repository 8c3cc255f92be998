"""What an item is counted in."""

from decimal import Decimal

import pytest

from inventory.catalog.domain import (
    Item,
    ItemInUse,
    QuantityTooPrecise,
    Site,
    UnknownTimeZone,
    UnknownUnit,
    plain,
)


def tea(scale: int = 2, **changes: object) -> Item:
    described: dict[str, object] = {
        "item_id": "tea",
        "name": "Tea",
        "base_unit": "box",
        "scale": scale,
        **changes,
    }
    return Item(**described)  # type: ignore[arg-type]


def test_an_item_in_use_keeps_its_unit_and_scale() -> None:
    item = tea(in_use=True)
    with pytest.raises(ItemInUse):
        item.revise(tea(base_unit="bag"))
    with pytest.raises(ItemInUse):
        item.revise(tea(scale=3))
    assert (item.base_unit, item.scale) == ("box", 2)


def test_an_item_in_use_can_be_renamed_and_moved_to_another_category() -> None:
    item = tea(in_use=True)
    assert item.revise(tea(name="Green tea", category="drinks"))
    assert (item.name, item.category, item.in_use) == ("Green tea", "drinks", True)


def test_the_same_description_changes_nothing() -> None:
    assert not tea().revise(tea())


def test_a_quantity_must_fit_the_scale_whatever_its_trailing_zeros() -> None:
    """B6."""
    tea(2).must_hold(Decimal("1.25"))
    tea(2).must_hold(Decimal("1.250000"))
    tea(0).must_hold(Decimal(3))
    with pytest.raises(QuantityTooPrecise):
        tea(2).must_hold(Decimal("1.255"))


def test_no_unit_is_ever_taken_for_another() -> None:
    """B6."""
    tea().must_have_unit("box")
    with pytest.raises(UnknownUnit) as refused:
        tea().must_have_unit("crate")
    assert refused.value.facts == {"item_id": "tea", "unit": "crate", "units": "box"}


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "Asia"])
def test_a_time_zone_must_exist(name: str) -> None:
    with pytest.raises(UnknownTimeZone):
        Site("north", "North", name)


@pytest.mark.parametrize(
    ("given", "written"), [("1.500000", "1.5"), ("10", "10"), ("1E+3", "1000"), ("0.000000", "0")]
)
def test_quantities_are_written_as_people_do(given: str, written: str) -> None:
    assert plain(Decimal(given)) == written
