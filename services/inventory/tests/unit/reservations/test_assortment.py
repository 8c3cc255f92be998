"""How much an order takes of what it should have named: in base units, and in kits (B4, B5, B6)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from inventory.catalog.domain import Item, Kit, KitComponent, Tracking, UnitConversion, Units
from inventory.reservations.domain.assortment import Assortment, Wanted, WantedLine
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
