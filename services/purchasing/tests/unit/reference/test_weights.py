"""A weight is gross less tare, and becomes the item's unit exactly or not at all (H4)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from purchasing.reference.domain import (
    Device,
    DeviceRevoked,
    NotScale,
    NotWeighed,
    QuantityTooLarge,
    UnknownWeightUnit,
    Weight,
    WeightContradictory,
    WeightInexact,
)

AT = datetime(2027, 1, 1, 9, tzinfo=UTC)


def weighed(gross: str, tare: str, net: str, unit: str = "g") -> Weight:
    return Weight(
        scale_id="scale-1",
        gross=Decimal(gross),
        tare=Decimal(tare),
        net=Decimal(net),
        unit=unit,
        weighed_at=AT,
    )


def test_grams_become_the_items_first_unit_of_mass() -> None:
    weight = weighed("2500", "250", "2250")
    assert weight.counted("rice", ["bag", "kg", "jin"], 1) == (Decimal("2.25"), "kg")


@pytest.mark.parametrize(
    ("weight", "units", "refusal"),
    [
        (weighed("5", "1", "5"), ["kg"], WeightContradictory),
        (weighed("5", "1", "4", "litre"), ["kg"], UnknownWeightUnit),
        (weighed("5", "1", "4"), ["bag", "EA"], NotWeighed),
        (weighed("0.000001", "0", "0.000001", "mg"), ["t"], WeightInexact),
        (weighed("999999999999", "0", "999999999999", "t"), ["g"], QuantityTooLarge),
    ],
)
def test_what_is_no_weight_of_the_item_is_refused(
    weight: Weight, units: list[str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        weight.counted("rice", units, 1)


def test_weights_come_from_scales_that_are_trusted() -> None:
    Device("sh-01", "scale-1", "scale", revoked=False).must_be_scale(1)
    with pytest.raises(NotScale):
        Device("sh-01", "gun-1", "scanner", revoked=False).must_be_scale(1)
    with pytest.raises(DeviceRevoked):
        Device("sh-01", "scale-1", "scale", revoked=True).must_be_scale(1)
