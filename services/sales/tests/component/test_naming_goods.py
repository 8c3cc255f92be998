"""Orders name batches, serial numbers, other units and kits; what is held is what is shipped."""

import json
from typing import Any

import pytest

from contracts.sales import SalesOrderPlaced, ShipmentPosted

CASE = {"item_id": "tea", "quantity": "2", "unit": "case", "amount": "30", "batch_id": "L1"}
PHONE = {"item_id": "rice", "quantity": "2", "unit": "kg", "amount": "17.40", "serials": ["a", "b"]}
HELD = [
    {"line_no": 1, "item_id": "tea", "quantity": "24", "batch_id": "L1", "unit_version": 3},
    {"line_no": 2, "item_id": "rice", "quantity": "2", "serials": ["a", "b"]},
]
KIT = [{"item_id": "tea", "quantity": "1", "unit": "box", "amount": "47.40"}]
COMPONENTS = [
    {"line_no": 2, "item_id": "tea", "quantity": "2", "kit_line_no": 1, "kit_item_id": "tea"},
    {"line_no": 3, "item_id": "rice", "quantity": "1", "kit_line_no": 1, "kit_item_id": "tea"},
]


async def shipped(shop: Any, order_id: str) -> list[tuple[Any, ...]]:
    """Pay and ship an order; return the lines of the fact."""
    assert (await shop.pay(order_id)).json()["status"] == "paid"
    answer = await shop.send(f"/orders/{order_id}/ship")
    assert answer.status_code == 201, answer.text
    posted = (await shop.service.events())[-1]
    assert isinstance(posted, ShipmentPosted)
    return [
        (one.line_no, one.item_id, int(one.quantity), str(one.amount), one.batch_id, one.serials)
        for one in posted.lines
    ]


async def test_what_is_named_is_asked_for_and_shipped_in_base_units(shop: Any) -> None:
    """B5, B6."""
    shop.line.held = HELD
    order = await shop.reserved(lines=[CASE, PHONE])
    asked = json.loads(shop.line.asked[0][2])["lines"]
    named = [(one["unit"], one["quantity"], one["batch_id"], one["serials"]) for one in asked]
    assert named == [("case", "2", "L1", []), ("kg", "2", "", ["a", "b"])]
    placed = (await shop.service.events())[1]
    assert isinstance(placed, SalesOrderPlaced)
    assert [(one.sold_in, one.serials) for one in placed.lines] == [
        ("case", ()),
        (None, ("a", "b")),
    ]
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert [(one["quantity"], one["unit_version"]) for one in shown["held"]] == [
        ("24", 3),
        ("2", None),
    ]
    assert await shipped(shop, order["order_id"]) == [
        (1, "tea", 24, "30", "L1", ()),
        (2, "rice", 2, "17.4", "", ("a", "b")),
    ]


@pytest.mark.parametrize("lost", [False, True])
async def test_a_kit_ships_the_components_held_even_if_they_were_answered_late(
    shop: Any, *, lost: bool
) -> None:
    """B4, B2."""
    shop.line.held, shop.line.lost = COMPONENTS, lost
    order_id = (await shop.order(lines=KIT)).json()["order_id"]
    shop.line.lost = False
    await shop.settle()
    assert await shipped(shop, order_id) == [
        (2, "tea", 2, "31.6", "", ()),
        (3, "rice", 1, "15.8", "", ()),
    ]


async def test_inventorys_proposal_of_batches_is_passed_on(shop: Any) -> None:
    """B5."""
    proposal = {"picks": [{"batch_id": "L1", "quantity": "3"}], "left_out": []}
    problem = {"code": "batch_missing", "status": 422, "detail": "name it", "proposal": proposal}
    shop.line.refusals["reservations"] = (422, problem)
    answer = await shop.order()
    assert (answer.status_code, answer.json()["proposal"]) == (422, proposal)
