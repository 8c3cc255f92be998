"""How much an order takes of what it should have named: in base units, and in kits (B4, B5, B6)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from inventory.catalog.domain import (
    Item,
    ItemDisabled,
    Kit,
    KitComponent,
    Tracking,
    UnitConversion,
    Units,
)
from inventory.reservations.domain.assortment import Assortment, Wanted, WantedLine
from inventory.reservations.domain.refusals import SerialNamedTwice
from inventory.reservations.domain.reservation import ReservedLine
from servicekit.clock import now

MILK = Item("milk", "Milk", "l", 0, tracking=Tracking.BATCH)
BOX = Item("box", "Box", "pc", 0, kit_version=1)
CASE = UnitConversion("milk", "case", 1, 12, 1, now())
KNOWN = Assortment(
    {"milk": MILK, "box": BOX},
    {"milk": Units("milk", "l", 0, {"case": CASE})},
    {"box": Kit("box", 1, (KitComponent("milk", Decimal(3)),))},
)


@pytest.mark.parametrize(
    ("lines", "needed"),
    [
        ([("milk", "2", "case")], 24),
        ([("milk", "5", "l"), ("milk", "1", None)], 6),
        ([("box", "4", None)], 12),
        ([("box", "1", None), ("milk", "1", "case")], 15),
        ([("milk", "1", "crate"), ("ghost", "1", None), ("milk", "1", None)], 1),
    ],
)
def test_what_an_order_takes_of_an_item_is_counted_in_its_base_unit(
    lines: list[tuple[str, str, str | None]], needed: int
) -> None:
    asked = [WantedLine(item_id, Decimal(quantity), unit) for item_id, quantity, unit in lines]
    wanted = Wanted(uuid4(), "north", "main", timedelta(0), asked)
    assert KNOWN.needed(wanted, "milk") == needed


def kept(item_id: str, quantity: str, kit: str | None = None) -> ReservedLine:
    held = Decimal(quantity)
    return ReservedLine(
        1, item_id, held, held, kit_item_id=kit, kit_line_no=None if kit is None else 1
    )


@pytest.mark.parametrize(
    ("held", "asked", "stays"),
    [
        (kept("cup", "6"), [("6", False)], True),
        (kept("cup", "6"), [("2", False), ("4", False)], True),
        (kept("cup", "6"), [("2", False), ("5", False)], False),
        (kept("cup", "6"), [("7", True)], False),
        (kept("cup", "6", "set"), [("6", True)], True),
        (kept("cup", "6", "set"), [("6", False)], False),
        (kept("tea", "6"), [("6", False)], False),
    ],
)
def test_what_was_sold_stays_with_its_order_though_nobody_could_buy_it_now(
    held: ReservedLine, asked: list[tuple[str, bool]], *, stays: bool
) -> None:
    """Parts of a kit are sold by themselves as little as before."""
    known = Assortment({"cup": Item("cup", "Cup", "pc", 0, for_sale=False)})
    lines = [WantedLine("cup", Decimal(quantity), None, gift=gift) for quantity, gift in asked]
    wanted = Wanted(uuid4(), "north", "main", timedelta(0), lines, kept=[held])
    if stays:
        assert [one.quantity for one in known.understand(wanted)] == [one.quantity for one in lines]
        known.items["cup"].disabled = True
        assert known.understand(wanted)
    else:
        known.items["cup"].disabled = True
        with pytest.raises(ItemDisabled):
            known.understand(wanted)


def test_no_unit_is_named_twice() -> None:
    known = Assortment({"phone": Item("phone", "Phone", "pc", 0, tracking=Tracking.SERIAL)})
    one, two = (WantedLine("phone", Decimal(1), None, serials=(name,)) for name in "ab")
    with pytest.raises(SerialNamedTwice, match="Line 3 names unit a "):
        known.understand(Wanted(uuid4(), "north", "main", timedelta(0), [one, two, one]))
