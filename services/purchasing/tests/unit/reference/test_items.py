"""An item is counted in its own unit, as finely as that can be split, and no other way (B6)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.reference.domain import (
    Conversion,
    QuantityTooPrecise,
    Site,
    Units,
    UnknownUnit,
    cost_per,
)

RICE = Units("rice", "kg", 3)


def test_the_items_own_unit_and_scale_are_fine() -> None:
    RICE.measure(Decimal("1.125"), "kg", 1)
    RICE.measure(Decimal("1.125000"), "kg", 1)


@pytest.mark.parametrize("unit", ["g", "KG", "box", ""])
def test_another_unit_is_refused_by_name_and_never_taken_as_one_to_one(unit: str) -> None:
    """B6."""
    with pytest.raises(UnknownUnit) as refused:
        RICE.measure(Decimal(1), unit, 7)
    assert refused.value.facts == {
        "line_no": 7,
        "item_id": "rice",
        "unit": unit,
        "base_unit": "kg",
        "units": "kg",
    }


@given(scale=st.integers(0, 6), units=st.integers(1, 10**11), more=st.integers(1, 9))
def test_a_quantity_may_have_the_items_decimals_and_not_one_more(
    scale: int, units: int, more: int
) -> None:
    item = Units("x", "kg", scale)
    fine = Decimal(units).scaleb(-scale)
    item.measure(fine, "kg", 1)
    with pytest.raises(QuantityTooPrecise):
        item.measure(fine + Decimal(more).scaleb(-scale - 1), "kg", 1)


def test_a_refusal_writes_the_quantity_as_people_do() -> None:
    with pytest.raises(QuantityTooPrecise) as refused:
        Units("tea", "box", 0).measure(Decimal("100000.500"), "box", 1)
    assert refused.value.facts["quantity"] == "100000.5"


CIDER = Units("cider", "bottle", 0, {"case": Conversion(3, 12, 1), "sip": Conversion(1, 1, 7)})


def test_a_unit_is_converted_exactly_and_by_the_version_in_force() -> None:
    """B6."""
    measured = CIDER.measure(Decimal("2.5"), "case", 1)
    assert (measured.quantity, measured.base_unit, measured.version) == (30, "bottle", 3)
    assert CIDER.measure(Decimal(14), "sip", 1).quantity == 2
    assert CIDER.measure(Decimal(3), "bottle", 1).version is None


def test_a_quantity_that_is_no_whole_number_of_base_steps_is_refused() -> None:
    """B6: a seventh of a bottle is not on any shelf."""
    with pytest.raises(QuantityTooPrecise):
        CIDER.measure(Decimal(1), "sip", 1)


@given(
    price=st.decimals(0, 10**6, places=6),
    cases=st.integers(1, 999),
    bottles=st.integers(1, 999),
)
def test_the_cost_of_a_base_unit_is_right_to_half_a_millionth(
    price: Decimal, cases: int, bottles: int
) -> None:
    """E6."""
    cost = cost_per(price, Decimal(cases), Decimal(bottles))
    assert abs(cost * bottles - price * cases) <= bottles * Decimal("0.0000005")


def test_a_day_begins_at_the_sites_midnight() -> None:
    site = Site("sh-01", "Asia/Shanghai")
    assert site.day_of(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert site.day_of(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == date(2027, 1, 1)
