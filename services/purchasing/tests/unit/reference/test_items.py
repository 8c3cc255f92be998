"""An item is counted in its own unit, as finely as that can be split, and no other way (B6)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.reference.domain import Item, QuantityTooPrecise, Site, UnknownUnit

RICE = Item("rice", "kg", 3)


def test_the_items_own_unit_and_scale_are_fine() -> None:
    RICE.must_measure(Decimal("1.125"), "kg", 1)
    RICE.must_measure(Decimal("1.125000"), "kg", 1)


@pytest.mark.parametrize("unit", ["g", "KG", "box", ""])
def test_another_unit_is_refused_by_name_and_never_taken_as_one_to_one(unit: str) -> None:
    """B6."""
    with pytest.raises(UnknownUnit) as refused:
        RICE.must_measure(Decimal(1), unit, 7)
    assert refused.value.facts == {
        "line_no": 7,
        "item_id": "rice",
        "unit": unit,
        "base_unit": "kg",
    }


@given(scale=st.integers(0, 6), units=st.integers(1, 10**12), more=st.integers(1, 9))
def test_a_quantity_may_have_the_items_decimals_and_not_one_more(
    scale: int, units: int, more: int
) -> None:
    item = Item("x", "kg", scale)
    fine = Decimal(units).scaleb(-scale)
    item.must_measure(fine, "kg", 1)
    with pytest.raises(QuantityTooPrecise):
        item.must_measure(fine + Decimal(more).scaleb(-scale - 1), "kg", 1)


def test_a_refusal_writes_the_quantity_as_people_do() -> None:
    with pytest.raises(QuantityTooPrecise) as refused:
        Item("tea", "box", 0).must_measure(Decimal("100000.500"), "box", 1)
    assert refused.value.facts["quantity"] == "100000.5"


def test_a_day_begins_at_the_sites_midnight() -> None:
    site = Site("sh-01", "Asia/Shanghai")
    assert site.day_of(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert site.day_of(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == date(2027, 1, 1)
