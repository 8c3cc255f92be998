"""An order is placed with its goods held, or refused with all there is to know."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ItemDefined
from contracts.sales import SalesOrderClosed, SalesOrderPlaced, SalesOrderReserved

SHORTAGES = [{"line_no": 1, "item_id": "tea", "requested": "3", "available": "1", "short": "2"}]
SHORT = {
    "code": "insufficient_stock",
    "status": 409,
    "detail": "short",
    "site_id": "sh-01",
    "warehouse_id": "main",
    "lines_short": 1,
    "shortages": SHORTAGES,
}


async def test_an_order_is_placed_and_its_goods_are_held(shop: Any) -> None:
    """B2: the answer says until when."""
    order = await shop.reserved()
    placed, reserved = (await shop.service.events())[1:]
    assert isinstance(placed, SalesOrderPlaced)
    assert isinstance(reserved, SalesOrderReserved)
    assert str(placed.order_id) == str(reserved.order_id) == order["order_id"]
    assert [str(line.amount) for line in placed.lines] == ["37.5", "9.9"]
    assert order["total"] == "47.4"
    assert order["number"].startswith("SO-sh-01-")
    assert order["number"].endswith("-1")
    assert order["reservation_id"] == str(reserved.reservation_id)
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert shown == order | {name: shown[name] for name in ("lines", "prices", "held", "refusal")}
    assert [line["quantity"] for line in shown["lines"]] == ["3", "1.25"]


async def test_a_refusal_carries_inventorys_reasons_and_the_order(shop: Any) -> None:
    """B3: the clerk is told what is short and why; the order remembers it."""
    shop.line.refusals["reservations"] = (409, SHORT)
    answer = await shop.order()
    body = answer.json()
    assert (answer.status_code, body["code"], body["shortages"]) == (
        409,
        "insufficient_stock",
        SHORTAGES,
    )
    assert "1 of its lines" in body["detail"]
    order = await shop.read(f"/orders/{body['order_id']}")
    assert (order["status"], order["cause"]) == ("refused", "insufficient_stock")
    assert order["refusal"]["shortages"] == SHORTAGES
    closed = (await shop.service.events())[-1]
    assert isinstance(closed, SalesOrderClosed)
    assert (closed.outcome, closed.cause) == ("refused", "insufficient_stock")


async def test_another_refusal_is_passed_on_as_it_is(shop: Any) -> None:
    problem = {"code": "unknown_item", "status": 404, "detail": "no", "item_id": "tea"}
    shop.line.refusals["reservations"] = (404, problem)
    answer = await shop.order()
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == problem | {
        "order_id": answer.json()["order_id"],
        "number": answer.json()["number"],
    }


@pytest.mark.parametrize("refusals", [{}, {"reservations": (409, SHORT)}])
async def test_the_same_request_sent_again_gives_the_same_answer(
    shop: Any, refusals: dict[str, Any]
) -> None:
    """B8: one order, one question to inventory."""
    shop.line.refusals = refusals
    key = str(uuid4())
    first, again = await shop.order(key), await shop.order(key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(shop.line.asked) == 1
    assert len(await shop.events()) == 2
    other = await shop.order(key, customer_id="li")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


async def test_twins_sent_at_the_same_moment_place_one_order(shop: Any) -> None:
    """B8: each of them gets the answer."""
    key = str(uuid4())
    answers = await asyncio.gather(*(shop.order(key) for _ in range(8)))
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (201, answers[0].content)
    }
    assert shop.line.work_done() == ["reservations"]
    assert await shop.events() == ["SalesOrderPlaced", "SalesOrderReserved"]
    assert (await shop.reserved())["number"].endswith("-2")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"customer_id": "li"}, 404, "unknown_customer"),
        ({"site_id": "gz-01"}, 404, "unknown_site"),
        ({"warehouse_id": "attic"}, 404, "unknown_warehouse"),
        ({"currency": "USD"}, 422, "foreign_currency_unsupported"),
        ({"item_id": "gold"}, 404, "unknown_item"),
        ({"quantity": "1.5"}, 422, "quantity_too_precise"),
        ({"quantity": "0"}, 422, "invalid_request"),
        ({"amount": "-1"}, 422, "invalid_request"),
        ({"amount": "1.005"}, 422, "invalid_request"),
    ],
)
async def test_what_does_not_fit_is_refused_before_inventory_is_asked(
    shop: Any, changes: dict[str, str], status: int, code: str
) -> None:
    """B6: nothing is stored either."""
    line = {"item_id": "tea", "quantity": "1", "unit": "box", "amount": "1"}
    of_line = {name: changes.pop(name) for name in set(changes) & set(line)}
    answer = await shop.order(lines=[line | of_line], **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert shop.line.asked == []
    assert (await shop.read("/orders"))["items"] == []


async def test_an_order_whose_total_can_not_be_written_is_refused(shop: Any) -> None:
    line = {"item_id": "tea", "quantity": "1", "unit": "box", "amount": "999999999999.99"}
    answer = await shop.order(lines=[line, line])
    assert (answer.status_code, answer.json()["code"]) == (422, "total_too_large")


async def test_an_order_has_up_to_500_lines(shop: Any) -> None:
    line = {"item_id": "rice", "quantity": "0.5", "unit": "kg", "amount": "1"}
    order = await shop.reserved(lines=[line] * 500)
    assert len((await shop.read(f"/orders/{order['order_id']}"))["lines"]) == 500
    answer = await shop.order(lines=[line] * 501)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_token_for_one_site_places_and_sees_orders_of_that_site_alone(shop: Any) -> None:
    there = await shop.reserved(site_id="bj-01")
    here = await shop.reserved()
    listed = await shop.read("/orders", sites=["sh-01"])
    assert [order["order_id"] for order in listed["items"]] == [here["order_id"]]
    assert (await shop.read(f"/orders/{there['order_id']}", sites=["sh-01"]))["code"] == (
        "site_forbidden"
    )
    for step in ("pay", "cancel", "ship"):
        body = {"amount": "47.4"} if step == "pay" else None
        path = f"/orders/{there['order_id']}/{step}"
        assert (await shop.send(path, body, sites=["sh-01"])).json()["code"] == "site_forbidden"


async def test_orders_are_listed_newest_first_by_status_and_number(shop: Any) -> None:
    orders = [await shop.reserved() for _ in range(3)]
    page = await shop.read("/orders", limit=2)
    rest = await shop.read("/orders", limit=2, cursor=page["next_cursor"])
    numbers = [order["number"] for order in page["items"] + rest["items"]]
    assert numbers == [order["number"] for order in reversed(orders)]
    assert (await shop.read("/orders", status="paid"))["items"] == []
    found = await shop.read("/orders", site_id="sh-01", status="reserved", number=numbers[1])
    assert [order["number"] for order in found["items"]] == [numbers[1]]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"disabled": True}, "item_disabled"), ({"for_sale": False}, "item_not_for_sale")],
)
async def test_what_is_not_sold_is_refused_before_inventory_is_asked(
    shop: Any, change: dict[str, bool], code: str
) -> None:
    """I1, B5."""
    await shop.service.deliver(
        ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0, **change)
    )
    answer = await shop.order()
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert shop.line.asked == []


async def test_what_is_not_for_sale_is_given_away_as_a_gift_and_never_sold(shop: Any) -> None:
    """C3."""
    mug = ItemDefined(item_id="mug", name="Mug", base_unit="pc", scale=0, for_sale=False)
    await shop.service.deliver(mug)
    tea = {"item_id": "tea", "quantity": "3", "unit": "box", "amount": "37.50"}
    given = {"item_id": "mug", "quantity": "1", "unit": "pc", "gift": True}
    order = (await shop.order(lines=[tea, given])).json()
    assert (order["status"], order["total"]) == ("reserved", "37.5")
    asked = json.loads(shop.line.asked[-1][2])["lines"]
    assert [one.get("gift") for one in asked] == [None, True]
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert [(one["gift"], one["amount"]) for one in shown["lines"]] == [
        (False, "37.5"),
        (True, "0"),
    ]
    for line, code in (
        (given | {"amount": "0.01"}, "gift_with_price"),
        (given | {"gift": False, "amount": "0"}, "item_not_for_sale"),
    ):
        answer = await shop.order(lines=[line])
        assert (answer.status_code, answer.json()["code"]) == (422, code)
