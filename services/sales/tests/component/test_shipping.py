"""Goods of a paid order leave once, and the fact says all that others need."""

import asyncio
from typing import Any
from uuid import uuid4

from contracts.sales import ShipmentPosted


async def ship(shop: Any, order_id: str, key: str | None = None) -> Any:
    return await shop.send(f"/orders/{order_id}/ship", key=key)


async def test_a_shipment_says_what_left_and_which_reservation_held_it(shop: Any) -> None:
    order = await shop.paid()
    answer = await ship(shop, order["order_id"])
    shipment = answer.json()
    assert answer.status_code == 201
    posted = (await shop.service.events())[-1]
    assert isinstance(posted, ShipmentPosted)
    assert str(posted.shipment_id) == shipment["shipment_id"]
    assert str(posted.reservation_id) == order["reservation_id"]
    assert posted.number == shipment["number"]
    assert posted.number.startswith("SH-sh-01-")
    lines = [
        (one.line_no, one.item_id, f"{one.quantity:f}", f"{one.amount:f}") for one in posted.lines
    ]
    assert lines == [(1, "tea", "3", "37.5"), (2, "rice", "1.25", "9.9")]
    assert await shop.read(f"/shipments/{shipment['shipment_id']}") == shipment
    listed = (await shop.read("/shipments", site_id="sh-01"))["items"]
    assert [one["number"] for one in listed] == [shipment["number"]]
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert (shown["status"], shown["shipment_id"]) == ("shipped", shipment["shipment_id"])


async def test_only_a_paid_order_is_shipped(shop: Any) -> None:
    order = await shop.reserved()
    answer = await ship(shop, order["order_id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "order_not_shippable")


async def test_an_order_is_shipped_once_however_many_ship_it(shop: Any) -> None:
    """B8: the same command gets the same answer, another one is refused."""
    order, key = await shop.paid(), str(uuid4())
    same = await asyncio.gather(*(ship(shop, order["order_id"], key) for _ in range(4)))
    assert {answer.content for answer in same} == {same[0].content}
    others = await asyncio.gather(*(ship(shop, order["order_id"]) for _ in range(4)))
    assert {answer.json()["code"] for answer in others} == {"order_not_shippable"}
    assert (await shop.events()).count("ShipmentPosted") == 1


async def test_of_shipping_and_cancelling_at_once_exactly_one_happens(shop: Any) -> None:
    order = await shop.paid()
    path = f"/orders/{order['order_id']}/cancel"
    shipped, cancelled = await asyncio.gather(ship(shop, order["order_id"]), shop.send(path))
    assert sorted([shipped.is_success, cancelled.is_success]) == [False, True]
    names = await shop.events()
    assert names.count("ShipmentPosted") + names.count("SalesOrderClosed") == 1


async def test_a_shipment_of_another_site_is_not_shown(shop: Any) -> None:
    shipment = (await ship(shop, (await shop.paid())["order_id"])).json()
    path = f"/shipments/{shipment['shipment_id']}"
    assert (await shop.read(path, sites=["bj-01"]))["code"] == "site_forbidden"
    assert (await shop.read("/shipments", sites=["bj-01"]))["items"] == []
    assert (await shop.read(f"/shipments/{uuid4()}"))["code"] == "unknown_shipment"


async def test_the_report_sums_up_what_left_and_what_could_not(shop: Any) -> None:
    await ship(shop, (await shop.paid())["order_id"])
    await shop.reserved()
    await shop.reserved(site_id="bj-01")
    shop.line.refusals["reservations"] = (409, {"code": "order_already_reserved", "status": 409})
    await shop.order()
    assert await shop.read("/reports/sales", site_id="sh-01") == {
        "orders": {"shipped": 1, "reserved": 1, "refused": 1},
        "refused_by_cause": {"order_already_reserved": 1},
        "lines_shipped": 2,
        "units_shipped": "4.25",
        "revenue_shipped": "47.4",
        "lines_returned": 0,
        "units_returned": "0",
        "revenue_returned": "0",
        "revenue": "47.4",
    }
    assert (await shop.read("/reports/sales"))["orders"]["reserved"] == 2
    assert (await shop.read("/reports/sales", sites=["bj-01"]))["orders"] == {"reserved": 1}
    assert (await shop.read("/reports/sales", sites=["bj-01"], site_id="sh-01"))["code"] == (
        "site_forbidden"
    )
