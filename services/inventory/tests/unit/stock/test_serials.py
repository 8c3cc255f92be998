"""A unit with a number of its own is at one place, once (B5, H4)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from inventory.catalog.domain import Item
from inventory.stock.domain import (
    Document,
    Kind,
    Movement,
    Place,
    SerialNotThere,
    SerialOnHand,
    SerialsMiscounted,
    SerialState,
    SerialUnit,
    Status,
    hash_of,
    trace_code_of,
)

AT = datetime(2026, 11, 23, tzinfo=UTC)
DOCUMENT = Document(UUID(int=1), "GR-1", AT, AT)
FLOOR = Place("s", "phone", "floor", "L1")
IN = Movement(Kind.RECEIPT, FLOOR, Decimal(1), DOCUMENT, 1, None, Status.AVAILABLE, serials=("S1",))


def then(**changes: Any) -> Movement:
    return replace(IN, **changes)


def received() -> SerialUnit:
    unit = SerialUnit("phone", "S1")
    unit.move(IN)
    return unit


def test_a_unit_follows_its_movements() -> None:
    unit = received()
    assert (unit.state, unit.where) == (SerialState.IN_STOCK, "s/floor/L1")
    unit.move(then(kind=Kind.STATUS, source=Status.AVAILABLE, target=Status.FROZEN))
    assert unit.state is SerialState.FROZEN
    unit.move(then(kind=Kind.STATUS, source=Status.FROZEN, target=Status.AVAILABLE))
    unit.move(then(kind=Kind.SHIPMENT, source=Status.ALLOCATED, target=None))
    assert (unit.state, unit.where) == (SerialState.SHIPPED, "s/floor/L1")


def test_a_unit_on_its_way_arrives_elsewhere() -> None:
    unit = received()
    unit.move(then(kind=Kind.DISPATCH, source=Status.AVAILABLE, target=None))
    assert unit.state is SerialState.IN_TRANSIT
    unit.move(then(kind=Kind.ARRIVAL, place=FLOOR._replace(site_id="t")))
    assert (unit.state, unit.site_id) == (SerialState.IN_STOCK, "t")


def test_a_unit_does_not_come_in_twice() -> None:
    with pytest.raises(SerialOnHand):
        received().move(IN)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"place": FLOOR._replace(warehouse_id="back")},
        {"place": FLOOR._replace(batch_id="L2")},
        {"source": Status.FROZEN},
    ],
)
def test_a_unit_leaves_only_from_where_it_is(elsewhere: dict[str, Any]) -> None:
    out = {"kind": Kind.ISSUE, "source": Status.AVAILABLE, "target": None, **elsewhere}
    with pytest.raises(SerialNotThere):
        received().move(then(**out))


def test_a_unit_nobody_knows_leaves_from_nowhere() -> None:
    with pytest.raises(SerialNotThere):
        SerialUnit("phone", "S9").move(then(kind=Kind.ISSUE, source=Status.AVAILABLE, target=None))


@pytest.mark.parametrize("serials", [("S1", "S2"), ("S1", "S1")])
def test_a_movement_names_each_of_its_units_once(serials: tuple[str, ...]) -> None:
    then(quantity=Decimal(2), serials=("S1", "S2"))
    with pytest.raises(SerialsMiscounted):
        then(quantity=Decimal(3), serials=serials)


def test_the_hash_of_an_entry_covers_its_serials() -> None:
    """A3."""
    assert hash_of(b"", 1, IN) != hash_of(b"", 1, then(serials=("S2",)))


def test_a_trace_code_says_what_the_unit_is_in_gs1_element_strings() -> None:
    phone = Item("phone", "Phone", "EA", 0, gtin="4006381333931")
    assert trace_code_of(phone, received()) == "(01)04006381333931(10)L1(21)S1"
    assert trace_code_of(Item("phone", "Phone", "EA", 0), received()) is None
