"""Counter sales: one call, whatever breaks on the way; and what tills tell late."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ItemDefined, ReservationReleased
from contracts.sales import ShipmentPosted
from servicekit.clock import now, shifted

LINES = [
    {"item_id": "tea", "quantity": "3", "unit": "box", "amount": "37.50"},
    {"item_id": "rice", "quantity": "1.250", "unit": "kg", "amount": "9.90"},
]
SHORT = {
    "code": "insufficient_stock",
    "status": 409,
    "detail": "short",
    "site_id": "sh-01",
    "warehouse_id": "main",
    "lines_short": 1,
    "shortages": [{"line_no": 1, "available": "1"}],
}
SOLD = ["SalesOrderPlaced", "SalesOrderPaid", "ShipmentPosted", "SalesOrderCompleted"]


async def sell(shop: Any, key: str | None = None, **changes: Any) -> Any:
    body = {
        "site_id": "sh-01",
        "warehouse_id": "main",
        "device": "till-1",
        "customer_id": "wang",
        "currency": "CNY",
        "lines": LINES,
        **changes,
    }
    return await shop.send("/counter-sales", body, key=key)


def late(**changes: Any) -> dict[str, Any]:
    """Say that the till was offline three hours ago."""
    told = {"sold_at": (now() - timedelta(hours=3)).isoformat(), "basket_no": "b-1"}
    return told | changes


async def settle(shop: Any, later: timedelta = timedelta(minutes=5)) -> None:
    with shifted(later):
        await shop.service.run_job("settle_sales")


async def status(shop: Any, sale_id: str) -> str:
    return str((await shop.read(f"/counter-sales/{sale_id}"))["status"])


async def uncovered(shop: Any) -> dict[str, Any]:
    """Return an exception; stock is there again afterwards."""
    shop.line.refusals["reservations"] = (409, SHORT)
    answer = await sell(shop, **late())
    shop.line.refusals.clear()
    assert (answer.status_code, answer.json()["status"]) == (201, "uncovered"), answer.text
    return dict(answer.json())


async def test_a_basket_is_reserved_paid_and_shipped_in_one_call(shop: Any) -> None:
    """B2: afterwards it is an order like any other, whose customer has the goods."""
    answer = await sell(shop)
    sale = answer.json()
    assert (answer.status_code, sale["status"], sale["total"]) == (201, "sold", "47.4")
    assert shop.line.work_done() == ["reservations"]
    assert await shop.events() == SOLD
    order = await shop.read(f"/orders/{sale['sale_id']}")
    assert (order["status"], order["number"]) == ("shipped", sale["number"])
    assert [line["amount"] for line in order["lines"]] == ["37.5", "9.9"]
    shipment = await shop.read(f"/shipments/{sale['shipment_id']}")
    assert (shipment["signed_via"], shipment["signed_by"]) == ("counter", "wang")
    assert (await shop.read("/in-transit"))["items"] == []
    (fact,) = [one for one in await shop.service.events() if isinstance(one, ShipmentPosted)]
    assert fact.at_counter
    assert fact.device_id == shipment["device_id"] == "till-1"
    assert str(fact.order_id) == sale["sale_id"]


async def test_a_basket_that_is_not_covered_is_refused_in_inventorys_words(shop: Any) -> None:
    """B3: and nothing left."""
    shop.line.refusals["reservations"] = (409, SHORT)
    answer = await sell(shop)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "insufficient_stock")
    assert body["shortages"] == SHORT["shortages"]
    assert await status(shop, body["sale_id"]) == "refused"
    assert await shop.events() == []
    assert (await shop.read("/counter-sales/exceptions"))["items"] == []


async def test_a_rule_of_inventory_is_passed_on_as_it_is(shop: Any) -> None:
    """B5: such as goods whose batch must be named."""
    said = {"code": "batch_missing", "status": 422, "detail": "Name the batch.", "proposals": []}
    shop.line.refusals["reservations"] = (422, said)
    answer = await sell(shop)
    assert (answer.status_code, answer.json()["code"]) == (422, "batch_missing")
    assert answer.json()["number"].startswith("CS-sh-01-")


async def test_the_same_key_sells_once(shop: Any) -> None:
    """B8: and another basket under it is refused."""
    key = str(uuid4())
    first, again = await sell(shop, key), await sell(shop, key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await sell(shop, key, device="till-2")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert await shop.events() == SOLD


async def test_twins_sell_once_and_hear_the_same(shop: Any) -> None:
    """B8: whoever of them brings inventory's answer, it counts once."""
    key = str(uuid4())
    answers = await asyncio.gather(*(sell(shop, key) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({(one.json()["sale_id"], one.json()["shipment_id"]) for one in answers}) == 1
    assert shop.line.work_done() == ["reservations"]
    assert await shop.events() == SOLD


async def test_a_till_that_tells_the_same_under_two_keys_at_once_sells_once(shop: Any) -> None:
    """B8: its own number is what a late basket is known by."""
    told = late()
    answers = await asyncio.gather(*(sell(shop, **told) for _ in range(6)))
    assert len({one.json()["sale_id"] for one in answers}) == 1
    assert await shop.events() == SOLD


async def test_goods_in_another_unit_are_kept_as_they_were_held(shop: Any) -> None:
    """B6: with the version of the unit."""
    held = {"line_no": 1, "item_id": "tea", "quantity": "24", "unit_version": 2}
    shop.line.held = [held]
    lines = [{"item_id": "tea", "quantity": "2", "unit": "case", "amount": "60.00"}]
    sale = (await sell(shop, lines=lines)).json()
    order = await shop.read(f"/orders/{sale['sale_id']}")
    assert [(one["quantity"], one["unit_version"]) for one in order["held"]] == [("24", 2)]
    shipment = await shop.read(f"/shipments/{sale['shipment_id']}")
    (left,) = shipment["lines"]
    assert (left["quantity"], left["unit"], left["amount"]) == ("24", "box", "60")


@pytest.mark.parametrize("told", [{}, late()])
async def test_while_inventory_is_down_the_sale_waits_and_the_sweep_settles_it(
    shop: Any, told: dict[str, Any]
) -> None:
    """B2: nothing is lost, and nobody need do more."""
    await shop.line.down()
    answer = await sell(shop, **told)
    assert (answer.status_code, answer.json()["status"]) == (202, "open")
    sale_id = answer.json()["sale_id"]
    await settle(shop)
    assert await status(shop, sale_id) == "open"
    await shop.line.up()
    await settle(shop, timedelta(minutes=10))
    assert await status(shop, sale_id) == "sold"
    assert await shop.events() == SOLD


async def test_an_answer_lost_after_the_work_was_done_doubles_nothing(shop: Any) -> None:
    """B2, B8: inventory is asked again under the same key, and says the same."""
    shop.line.lost = True
    answer = await sell(shop)
    shop.line.lost = False
    await settle(shop)
    await settle(shop, timedelta(minutes=10))
    assert await status(shop, answer.json()["sale_id"]) == "sold"
    assert shop.line.work_done() == ["reservations"]
    assert await shop.events() == SOLD


async def test_what_a_recall_takes_before_its_answer_is_heard_is_not_shipped(shop: Any) -> None:
    """B2: what nobody holds any more can't leave the books."""
    shop.line.lost = True
    sale_id = (await sell(shop)).json()["sale_id"]
    shop.line.lost = False
    gone = ReservationReleased(
        reservation_id=uuid4(), order_id=sale_id, site_id="sh-01", at=now(), reason="recalled"
    )
    await shop.service.deliver([gone])
    await settle(shop)
    assert await status(shop, sale_id) == "refused"
    assert "ShipmentPosted" not in await shop.events()


async def test_a_basket_told_late_leaves_when_it_was_sold(shop: Any) -> None:
    """B8: its till may tell of it as often as it likes, under whatever key."""
    told = late()
    first, again = await sell(shop, **told), await sell(shop, **told)
    assert (first.status_code, first.json()["status"]) == (201, "sold")
    assert again.json() == first.json()
    (fact,) = [one for one in await shop.service.events() if isinstance(one, ShipmentPosted)]
    assert fact.shipped_at < fact.posted_at - timedelta(hours=2)
    other = await sell(shop, **late(customer_id="wang", device="till-1"), lines=LINES[:1])
    assert (other.status_code, other.json()["code"]) == (409, "basket_number_reused")


async def test_what_has_left_and_is_not_covered_is_an_exception_not_a_refusal(shop: Any) -> None:
    """B1: it waits, in full, for somebody to close it; nothing goes below zero."""
    sale = await uncovered(shop)
    page = await shop.read("/counter-sales/exceptions")
    (shown,) = page["items"]
    assert (shown["sale_id"], shown["cause"]) == (sale["sale_id"], "insufficient_stock")
    assert shown["problem"]["shortages"] == SHORT["shortages"]
    assert [line["quantity"] for line in shown["lines"]] == ["3", "1.25"]
    assert shown["age_seconds"] >= 3 * 3600
    assert page["as_of"]
    (open_one,) = (await shop.read("/reports/open-documents"))["items"]
    assert (open_one["kind"], open_one["waits_for"]) == ("counter_sale", "stock")
    assert await shop.events() == []


async def test_an_exception_is_closed_by_asking_again(shop: Any) -> None:
    """B2: under a key of its own, since what was refused once stays refused under the first."""
    path = f"/counter-sales/{(await uncovered(shop))['sale_id']}"
    key = str(uuid4())
    answer = await shop.send(f"{path}/retry", key=key)
    assert (answer.status_code, answer.json()["status"]) == (200, "sold"), answer.text
    assert (await shop.send(f"{path}/retry", key=key)).json() == answer.json()
    assert len({key for key, _ in shop.line.questions()}) == 2
    assert (await shop.read("/counter-sales/exceptions"))["items"] == []
    assert (await shop.read("/reports/open-documents"))["items"] == []
    late_again = await shop.send(f"{path}/retry")
    assert late_again.json()["code"] == "counter_sale_not_uncovered"


async def test_an_exception_that_still_is_one_says_so(shop: Any) -> None:
    path = f"/counter-sales/{(await uncovered(shop))['sale_id']}"
    shop.line.refusals["reservations"] = (409, {**SHORT, "lines_short": 2})
    answer = await shop.send(f"{path}/retry")
    assert (answer.status_code, answer.json()["status"]) == (200, "uncovered")
    assert (await shop.read(path))["problem"]["lines_short"] == 2


async def test_an_exception_is_written_off_by_a_manager_with_a_reason(shop: Any) -> None:
    path = f"/counter-sales/{(await uncovered(shop))['sale_id']}"
    body = {"reason": "stolen and scanned at the till by mistake", "money": "kept"}
    by_clerk = await shop.send(f"{path}/write-off", body)
    assert by_clerk.status_code == 403
    answer = await shop.send(f"{path}/write-off", body, role="shop_manager")
    assert (answer.status_code, answer.json()["status"]) == (200, "written_off")
    assert (answer.json()["reason"], answer.json()["money"]) == (body["reason"], "kept")
    assert (await shop.read("/counter-sales/exceptions"))["items"] == []
    assert (await shop.send(f"{path}/retry")).status_code == 409


async def test_a_late_basket_of_what_is_no_longer_sold_is_kept_and_covered_later(shop: Any) -> None:
    """B1: goods that left are never lost because a master changed meanwhile."""
    tea = {"item_id": "tea", "name": "Tea", "base_unit": "box", "scale": 0}
    await shop.service.deliver([ItemDefined(**tea, disabled=True)])
    answer = await sell(shop, **late())
    assert (answer.status_code, answer.json()["cause"]) == (201, "item_disabled")
    assert shop.line.asked == []
    assert (await sell(shop)).json()["code"] == "item_disabled"
    path = f"/counter-sales/{answer.json()['sale_id']}"
    assert (await shop.send(f"{path}/retry")).json()["status"] == "uncovered"
    await shop.service.deliver([ItemDefined(**tea)])
    assert (await shop.send(f"{path}/retry")).json()["status"] == "sold"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"sold_at": "2020-01-01T00:00:00Z"}, "basket_number_missing"),
        ({"sold_at": "2100-01-01T00:00:00Z", "basket_no": "1"}, "sold_in_future"),
        ({"customer_id": "nobody"}, "unknown_customer"),
        ({"currency": "USD"}, "foreign_currency_unsupported"),
        ({"warehouse_id": "roof"}, "unknown_warehouse"),
        ({"lines": []}, "invalid_request"),
        ({"lines": [{"item_id": "tea", "quantity": "1", "unit": "box"}]}, "invalid_request"),
    ],
)
async def test_what_can_not_be_taken_is_refused_by_name(
    shop: Any, told: dict[str, Any], code: str
) -> None:
    answer = await sell(shop, **told)
    assert answer.json()["code"] == code
    assert (await shop.read("/counter-sales"))["items"] == []


async def test_sales_are_listed_for_those_who_may_see_them(shop: Any) -> None:
    sold = (await sell(shop)).json()
    exception = await uncovered(shop)
    page = await shop.read("/counter-sales", limit=1)
    assert [one["sale_id"] for one in page["items"]] == [exception["sale_id"]]
    rest = await shop.read("/counter-sales", limit=1, cursor=page["next_cursor"])
    assert [one["sale_id"] for one in rest["items"]] == [sold["sale_id"]]
    found = await shop.read("/counter-sales", status="sold", device="till-1", site_id="sh-01")
    assert [one["sale_id"] for one in found["items"]] == [sold["sale_id"]]
    assert (await shop.read("/counter-sales", sites=["bj-01"]))["items"] == []
    foreign = await shop.read(f"/counter-sales/{sold['sale_id']}", sites=["bj-01"])
    assert foreign["status"] == 403
