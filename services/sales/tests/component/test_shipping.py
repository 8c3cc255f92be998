"""Goods of a paid order leave once, and the fact says all that others need."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.inventory import DeviceDefined, ReservationReleased
from contracts.sales import CustomerReturnPosted, ShipmentPosted
from servicekit.clock import now


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


def gun(site_id: str = "sh-01", *, revoked: bool = False) -> DeviceDefined:
    return DeviceDefined(
        site_id=site_id, device_id="gun-1", name="Gun", kind="scanner", revoked=revoked
    )


async def test_shipments_and_returns_say_with_which_device_goods_left_and_came_back(
    shop: Any,
) -> None:
    """A8: on the document and in the fact that inventory books."""
    await shop.service.deliver(gun())
    order = await shop.paid()
    path = f"/orders/{order['order_id']}/ship"
    shipment = (await shop.send(path, device="gun-1")).json()
    assert shipment["device_id"] == "gun-1"
    body = {
        "shipment_id": shipment["shipment_id"],
        "lines": [{"shipment_line_no": 1, "quantity": "1"}],
    }
    back = (await shop.send("/returns", body, device="gun-1")).json()
    for step in ("audit", "post"):
        assert (await shop.send(f"/returns/{back['return_id']}/{step}")).status_code == 200
    assert (await shop.read(f"/returns/{back['return_id']}"))["device_id"] == "gun-1"
    told = [
        (type(one), one.device_id)
        for one in await shop.service.events()
        if isinstance(one, ShipmentPosted | CustomerReturnPosted)
    ]
    assert told == [(ShipmentPosted, "gun-1"), (CustomerReturnPosted, "gun-1")]


@pytest.mark.parametrize(
    ("known", "refused"),
    [(gun("bj-01"), "unknown_device"), (gun(revoked=True), "device_revoked")],
)
async def test_with_a_device_that_its_site_does_not_trust_nothing_leaves_and_comes_back(
    shop: Any, known: DeviceDefined, refused: str
) -> None:
    """A8: it is refused by name, and without a device the same can still be done."""
    await shop.service.deliver(known)
    order = await shop.paid()
    path = f"/orders/{order['order_id']}/ship"
    answer = await shop.send(path, device="gun-1")
    assert (answer.status_code, answer.json()["code"]) == (403, refused)
    assert answer.json()["device_id"] == "gun-1"
    assert await shop.status(order["order_id"]) == "paid"
    shipment = (await shop.send(path)).json()
    assert shipment["device_id"] is None
    body = {
        "shipment_id": shipment["shipment_id"],
        "lines": [{"shipment_line_no": 1, "quantity": "1"}],
    }
    answer = await shop.send("/returns", body, device="gun-1")
    assert (answer.status_code, answer.json()["code"]) == (403, refused)
    assert (await shop.read("/returns"))["items"] == []


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


async def parts(shop: Any, order_id: str, *lines: tuple[int, str]) -> Any:
    """Ship so much of these lines."""
    body = {"lines": [{"line_no": number, "quantity": quantity} for number, quantity in lines]}
    return await shop.send(f"/orders/{order_id}/ship", body)


async def test_an_order_leaves_in_parts_until_nothing_is_left(shop: Any) -> None:
    """B2: what its lines came to is shared by the parts to the cent."""
    order_id = (await shop.paid())["order_id"]
    first = (await parts(shop, order_id, (1, "1"))).json()
    assert [(one["line_no"], one["quantity"], one["amount"]) for one in first["lines"]] == [
        (1, "1", "12.5")
    ]
    assert await shop.status(order_id) == "paid"
    rest = (await shop.read(f"/orders/{order_id}/rest"))["items"]
    assert [(one["line_no"], one["item_id"], one["quantity"]) for one in rest] == [
        (1, "tea", "2"),
        (2, "rice", "1.25"),
    ]
    second = (await parts(shop, order_id, (2, "1.25"), (1, "1"))).json()
    last = (await ship(shop, order_id)).json()
    assert [(one["line_no"], one["quantity"], one["amount"]) for one in last["lines"]] == [
        (1, "1", "12.5")
    ]
    assert await shop.status(order_id) == "shipped"
    assert (await shop.read(f"/orders/{order_id}/rest"))["items"] == []
    listed = (await shop.read("/shipments", order_id=order_id))["items"]
    assert [one["shipment_id"] for one in listed] == [
        one["shipment_id"] for one in (last, second, first)
    ]
    told = [one for one in await shop.service.events() if isinstance(one, ShipmentPosted)]
    assert [one.in_parts for one in told] == [True] * 3
    assert sum(line.amount for one in told for line in one.lines) == Decimal("47.40")


async def test_parts_that_are_not_there_to_leave_are_refused_with_what_is(shop: Any) -> None:
    order_id = (await shop.paid())["order_id"]
    await parts(shop, order_id, (1, "2"))
    for line, refused in (
        ((1, "2"), "part_too_large"),
        ((3, "1"), "part_not_held"),
        ((1, "0.5"), "quantity_too_precise"),
    ):
        answer = await parts(shop, order_id, line)
        assert (answer.status_code, answer.json()["code"]) == (422, refused), answer.text
    answer = await parts(shop, order_id, (3, "1"))
    assert answer.json()["rest"] == {"1": "1", "2": "1.25"}
    assert (await shop.events()).count("ShipmentPosted") == 1


async def test_of_two_who_ship_the_same_part_at_once_one_is_refused(shop: Any) -> None:
    order_id = (await shop.paid())["order_id"]
    answers = await asyncio.gather(*(parts(shop, order_id, (1, "2")) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert (await shop.events()).count("ShipmentPosted") == 1


async def test_an_order_of_which_a_part_has_left_is_not_cancelled(shop: Any) -> None:
    order_id = (await shop.paid())["order_id"]
    await parts(shop, order_id, (1, "1"))
    answer = await shop.send(f"/orders/{order_id}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "order_partly_shipped")
    assert (await ship(shop, order_id)).status_code == 201


async def test_what_is_called_back_of_an_order_that_left_in_part_leaves_it_shipped(
    shop: Any,
) -> None:
    """H3: inventory lets go of the rest; what has left stays shipped, and the order says why."""
    order = await shop.paid()
    await parts(shop, order["order_id"], (1, "1"))
    released = ReservationReleased(
        reservation_id=UUID(order["reservation_id"]),
        order_id=UUID(order["order_id"]),
        site_id="sh-01",
        at=now(),
        reason="recalled",
    )
    await shop.service.deliver(released)
    seen = await shop.read(f"/orders/{order['order_id']}")
    assert (seen["status"], seen["cause"]) == ("shipped", "reservation_released")
    assert (await shop.read(f"/orders/{order['order_id']}/rest"))["items"] == []
    late = await ship(shop, order["order_id"])
    assert (late.status_code, late.json()["code"]) == (409, "reservation_released")


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
        "sales_kept": 0,
        "revenue_kept": "0",
        "sales_uncovered": 0,
        "revenue_uncovered": "0",
        "revenue": "47.4",
    }
    assert (await shop.read("/reports/sales"))["orders"]["reserved"] == 2
    assert (await shop.read("/reports/sales", sites=["bj-01"]))["orders"] == {"reserved": 1}
    assert (await shop.read("/reports/sales", sites=["bj-01"], site_id="sh-01"))["code"] == (
        "site_forbidden"
    )
