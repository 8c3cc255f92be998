"""Goods are picked before they leave: who took which batch and units off the shelf, and when."""

from typing import Any

from contracts.sales import ShipmentPosted
from servicekit.clock import now

HELD = [
    {"line_no": 1, "item_id": "tea", "quantity": "3", "batch_id": "", "serials": ["a", "b", "c"]},
    {"line_no": 2, "item_id": "rice", "quantity": "1.25", "batch_id": "r1", "serials": []},
]


async def pick(shop: Any, order: Any, *lines: Any) -> Any:
    body = {"lines": list(lines)} if lines else None
    return await shop.send(f"/orders/{order['order_id']}/picks", body)


async def to_pick(shop: Any, order: Any) -> list[tuple[int, str, list[str]]]:
    listed = await shop.read(f"/orders/{order['order_id']}/pick-list")
    return [(one["line_no"], one["quantity"], one["serials"]) for one in listed["items"]]


async def test_a_shipment_is_posted_from_just_what_was_picked(shop: Any) -> None:
    """B5."""
    shop.line.held = HELD
    order = await shop.paid()
    first = (await pick(shop, order, {"line_no": 1, "quantity": "2", "serials": ["a", "c"]})).json()
    assert (first["status"], first["picked_by"]) == ("open", "tester")
    assert first["picked_at"] <= now().isoformat()
    assert await to_pick(shop, order) == [(1, "1", ["b"]), (2, "1.25", [])]
    shipped = await shop.send(f"/picks/{first['pick_id']}/ship")
    assert shipped.status_code == 201, shipped.text
    assert [(one["line_no"], one["serials"]) for one in shipped.json()["lines"]] == [
        (1, ["a", "c"])
    ]
    again = await shop.send(f"/picks/{first['pick_id']}/ship")
    assert (again.status_code, again.json()["code"]) == (409, "pick_not_open")
    rest = (await pick(shop, order)).json()
    assert [(one["line_no"], one["batch_id"]) for one in rest["lines"]] == [(1, ""), (2, "r1")]
    none = await pick(shop, order)
    assert (none.status_code, none.json()["code"]) == (409, "nothing_to_pick")
    await shop.send(f"/picks/{rest['pick_id']}/ship")
    assert await shop.status(order["order_id"]) == "shipped"
    facts = [one for one in await shop.service.events() if isinstance(one, ShipmentPosted)]
    assert [len(one.lines) for one in facts] == [1, 2]


async def test_another_batch_or_more_than_is_held_is_not_picked(shop: Any) -> None:
    """B5."""
    shop.line.held = HELD
    order = await shop.paid()
    other = await pick(shop, order, {"line_no": 2, "quantity": "1", "batch_id": "r2"})
    assert (other.status_code, other.json()["code"]) == (422, "other_batch_picked")
    assert other.json()["batch_held"] == "r1"
    for line, code in (
        ({"line_no": 1, "quantity": "1", "serials": ["x"]}, "part_names_other_units"),
        ({"line_no": 2, "quantity": "2", "batch_id": "r1"}, "part_too_large"),
        ({"line_no": 7, "quantity": "1"}, "part_not_held"),
    ):
        assert (await pick(shop, order, line)).json()["code"] == code
    unpaid = await shop.reserved()
    assert (await pick(shop, unpaid)).json()["code"] == "order_not_shippable"


async def test_what_is_put_back_can_be_picked_again_and_shipping_directly_goes_on(
    shop: Any,
) -> None:
    order = await shop.paid()
    made = (await pick(shop, order)).json()
    (open_pick,) = (await shop.read("/reports/open-documents", kind="pick"))["items"]
    assert (open_pick["id"], open_pick["waits_for"]) == (made["pick_id"], "shipment")
    cancelled = (await shop.send(f"/picks/{made['pick_id']}/cancel")).json()
    assert (cancelled["status"], cancelled["ended_by"]) == ("cancelled", "tester")
    assert len(await to_pick(shop, order)) == 2
    second = (await pick(shop, order, {"line_no": 1, "quantity": "1"})).json()
    assert (await shop.send(f"/orders/{order['order_id']}/ship")).status_code == 201
    late = await shop.send(f"/picks/{second['pick_id']}/ship")
    assert (late.status_code, late.json()["code"]) == (409, "order_not_shippable")
    assert (await shop.read("/reports/open-documents", kind="pick"))["items"] == []
    listed = await shop.read("/picks", order_id=order["order_id"], status="cancelled")
    assert [one["pick_id"] for one in listed["items"]] == [made["pick_id"]]
    other_site = await shop.read(f"/picks/{made['pick_id']}", ["bj-01"])
    assert other_site["code"] == "site_forbidden"
