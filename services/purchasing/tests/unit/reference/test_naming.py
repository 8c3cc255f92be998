"""A receipt tells its goods apart as far as the item needs, and no further (B5)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from purchasing.reference.domain import (
    BatchDatesCrossed,
    BatchMissing,
    BatchUndated,
    Item,
    ItemDisabled,
    KitNotReceived,
    Naming,
    SerialsMissing,
    TrackingUnused,
)

MILK = Item("milk", "EA", 0, tracking="batch", shelf_life_days=10)
PHONE = Item("phone", "EA", 0, tracking="serial")
TEA = Item("tea", "box", 0)
MADE = date(2026, 11, 1)


def check(item: Item, quantity: int = 2, **named: Any) -> None:
    item.must_be_named(Naming(**named), Decimal(quantity), 1)


def test_goods_without_tracking_name_nothing() -> None:
    check(TEA)
    for named in ({"batch_id": "L1"}, {"serials": ("S1", "S2")}, {"expires_on": MADE}):
        with pytest.raises(TrackingUnused):
            check(TEA, **named)


def test_a_batch_managed_item_names_its_batch_and_when_it_ends() -> None:
    check(MILK, batch_id="L1", manufactured_on=MADE)
    check(MILK, batch_id="L1", expires_on=MADE)
    with pytest.raises(BatchMissing):
        check(MILK)
    with pytest.raises(BatchUndated):
        check(MILK, batch_id="L1")
    with pytest.raises(BatchDatesCrossed):
        check(MILK, batch_id="L1", manufactured_on=MADE, expires_on=date(2026, 10, 31))
    with pytest.raises(TrackingUnused):
        check(MILK, batch_id="L1", manufactured_on=MADE, serials=("S1", "S2"))


@pytest.mark.parametrize("serials", [(), ("S1",), ("S1", "S1"), ("S1", "S2", "S2")])
def test_a_serial_managed_item_names_each_unit_once(serials: tuple[str, ...]) -> None:
    check(PHONE, serials=("S1", "S2"))
    check(PHONE, serials=("S1", "S2"), batch_id="L1")
    with pytest.raises(SerialsMissing):
        check(PHONE, serials=serials)


def test_disabled_items_and_kits_are_not_ordered() -> None:
    """I1, B4."""
    TEA.must_be_orderable(1)
    with pytest.raises(ItemDisabled):
        Item("old", "EA", 0, disabled=True).must_be_orderable(1)
    with pytest.raises(KitNotReceived):
        Item("set", "EA", 0, kit=True).must_be_orderable(1)
