"""Units are exact ratios with versions: a quantity is exact in base units or refused (B6)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.domain import (
    BaseQuantity,
    ConversionNotLater,
    QuantityTooLarge,
    QuantityTooPrecise,
    UnitConversion,
    Units,
    UnknownUnit,
)

AT = datetime(2026, 11, 23, tzinfo=UTC)


def conversion(unit: str, ratio: Fraction, version: int = 1) -> UnitConversion:
    return UnitConversion("x", unit, version, ratio.numerator, ratio.denominator, AT)


def units(scale: int = 0, **ratios: Fraction) -> Units:
    known = {unit: conversion(unit, ratio) for unit, ratio in ratios.items()}
    return Units("x", "EA", scale, known)


quantities = st.decimals(min_value="0.000001", max_value=10**12 - 1, places=6)
ratios = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**6)


@given(quantity=quantities, ratio=ratios, scale=st.integers(0, 6))
def test_a_quantity_is_exact_in_base_units_or_refused(
    quantity: Decimal, ratio: Fraction, scale: int
) -> None:
    exact = Fraction(quantity) * ratio
    try:
        base = units(scale, case=ratio).to_base("case", quantity)
    except QuantityTooPrecise:
        assert (exact * 10**scale).denominator != 1
    except QuantityTooLarge:
        assert exact >= 10**12
    else:
        assert Fraction(base.quantity) == exact
        assert base.quantity == round(base.quantity, scale)


def test_the_version_used_and_what_was_given_are_kept() -> None:
    base = units(case=Fraction(12)).to_base("case", Decimal("2.5"))
    assert base == BaseQuantity(Decimal(30), "case", Decimal("2.5"), 1)


def test_the_base_unit_is_version_zero_and_one_to_one() -> None:
    assert units().to_base("EA", Decimal(3)) == BaseQuantity(Decimal(3), "EA", Decimal(3), 0)


def test_a_unit_without_conversion_is_refused_and_those_there_are_named() -> None:
    with pytest.raises(UnknownUnit) as refused:
        units(case=Fraction(12), tray=Fraction(6)).to_base("pallet", Decimal(1))
    assert refused.value.facts["units"] == "EA, case, tray"


def test_a_third_is_never_rounded() -> None:
    third = units(scale=2, slice=Fraction(1, 3))
    assert third.to_base("slice", Decimal(6)).quantity == 2
    with pytest.raises(QuantityTooPrecise):
        third.to_base("slice", Decimal(1))


def test_a_change_is_the_next_version_and_counts_later() -> None:
    first = conversion("case", Fraction(12))
    later = UnitConversion("x", "case", 1, 10, 1, AT + timedelta(days=1))
    assert first.follow(later, AT).version == 2
    with pytest.raises(ConversionNotLater):
        first.follow(first, AT)
    with pytest.raises(ConversionNotLater):
        first.follow(later, AT + timedelta(days=2))
