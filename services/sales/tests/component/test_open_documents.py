"""I3: orders and returns that nobody has finished are collected by themselves."""

from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ReturnBooked
from servicekit.clock import now

PAGE = "/reports/open-documents"


async def waiting(shop: Any, **asked: Any) -> list[tuple[str, str]]:
    return [(one["kind"], one["waits_for"]) for one in (await shop.read(PAGE, **asked))["items"]]


@pytest.mark.parametrize("patience_seconds", [0.5])
async def test_an_order_waits_for_inventory_for_payment_and_for_its_shipment(shop: Any) -> None:
    shop.line.may_answer.clear()
    await shop.order()
    assert await waiting(shop) == [("sales_order", "inventory")]
    shop.line.may_answer.set()
    await shop.settle()
    (shown,) = (await shop.read(PAGE))["items"]
    assert (shown["waits_for"], shown["person"]) == ("payment", "tester")
    assert shown["due"] > shown["since"]
    await shop.pay(shown["id"])
    assert await waiting(shop) == [("sales_order", "shipment")]
    shipment = (await shop.send(f"/orders/{shown['id']}/ship")).json()
    assert await waiting(shop) == [("sales_order", "signature")]
    await shop.send(f"/shipments/{shipment['shipment_id']}/deliver", {"signed_by": "Wang"})
    assert await waiting(shop) == []


async def test_a_return_waits_to_be_audited_posted_and_booked(shop: Any) -> None:
    order = await shop.paid()
    shipment = (await shop.send(f"/orders/{order['order_id']}/ship")).json()
    lines = [{"shipment_line_no": 1, "quantity": "2"}]
    made = (
        await shop.send("/returns", {"shipment_id": shipment["shipment_id"], "lines": lines})
    ).json()
    for step, waits_for in (("audit", "audit"), ("post", "posting"), (None, "booking")):
        assert await waiting(shop, waits_for=waits_for) == [("customer_return", waits_for)]
        if step:
            await shop.send(f"/returns/{made['return_id']}/{step}")
    booked = ReturnBooked(return_id=made["return_id"], site_id="sh-01", booked_at=now())
    await shop.service.deliver(booked)
    assert await waiting(shop, kind="customer_return") == []


async def test_the_list_comes_by_page_oldest_first_and_of_the_callers_sites(shop: Any) -> None:
    numbers = [
        (await shop.order(site_id=site)).json()["number"] for site in ("sh-01", "bj-01", "sh-01")
    ]
    page = await shop.read(PAGE, limit=2)
    rest = await shop.read(PAGE, limit=2, cursor=page["next_cursor"])
    assert [one["number"] for one in page["items"] + rest["items"]] == numbers
    mine = await shop.read(PAGE, ["bj-01"])
    assert [one["number"] for one in mine["items"]] == numbers[1:2]
    assert await waiting(shop, kind="customer_return") == []
    assert (await shop.read(PAGE, ["bj-01"], site_id="sh-01"))["code"] == "site_forbidden"
    assert (await shop.read(PAGE, cursor="WyJhIiwiYiJd"))["code"] == "bad_cursor"
    assert await waiting(shop, person=uuid4().hex) == []
