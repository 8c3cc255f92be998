"""What comes back of a basket that no shipment names: paid back once, or said what to do (B7)."""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.sales import SalesOrderRefunded
from servicekit.clock import now, shifted

TEA = {"item_id": "tea", "quantity": "3", "unit": "box", "amount": "37.51"}
RICE = {"item_id": "rice", "quantity": "1.250", "unit": "kg", "amount": "9.90"}
SHORT = {"code": "insufficient_stock", "status": 409, "detail": "short", "lines_short": 1}
SHANGHAI = ZoneInfo("Asia/Shanghai")
RATE = {"scope": "general", "percent": "13", "valid_from": "2020-01-01"}


async def told_late(shop: Any, sold_at: datetime | None = None) -> Any:
    """Let a till tell late of a basket of tea and rice for 47.41 that nothing covers."""
    body = {
        "site_id": "sh-01",
        "warehouse_id": "main",
        "device": "till-1",
        "basket_no": "7",
        "sold_at": (sold_at or now() - timedelta(hours=1)).isoformat(),
        "customer_id": "wang",
        "currency": "CNY",
        "lines": [TEA, RICE],
    }
    shop.line.refusals["reservations"] = (409, SHORT)
    answer = await shop.send("/counter-sales", body)
    shop.line.refusals.clear()
    assert answer.status_code == 201, answer.text
    return answer.json()


async def written_off(shop: Any, sale: Any, money: str = "kept") -> Any:
    body = {"reason": "baked in the shop", "money": money}
    path = f"/counter-sales/{sale['sale_id']}/write-off"
    answer = await shop.send(path, body, "shop_manager")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def take_back(shop: Any, sale: Any, *lines: tuple[int, str], **extra: Any) -> Any:
    body = {
        "reason": "stale",
        "lines": [{"line_no": no, "quantity": quantity} for no, quantity in lines],
    }
    given = {"role": "shop_manager", **extra}
    return await shop.send(f"/counter-sales/{sale['sale_id']}/take-backs", body, **given)


async def refunds(shop: Any) -> list[Decimal]:
    told = await shop.service.events()
    return [one.amount for one in told if isinstance(one, SalesOrderRefunded)]


async def test_what_comes_back_is_paid_back_to_the_cent_and_no_revenue_any_more(shop: Any) -> None:
    sale = await written_off(shop, await told_late(shop))
    first = await take_back(shop, sale, (1, "1"))
    assert first.status_code == 201, first.text
    assert (first.json()["amount"], first.json()["number"][:9]) == ("12.5", "RT-sh-01-")
    second = (await take_back(shop, sale, (1, "2"), (2, "0.250"))).json()
    assert [(one["item_id"], one["quantity"], one["amount"]) for one in second["lines"]] == [
        ("tea", "2", "25.01"),
        ("rice", "0.25", "1.98"),
    ]
    assert await refunds(shop) == [Decimal("12.5"), Decimal("26.99")]
    report = await shop.read("/reports/sales")
    assert (report["revenue_kept"], report["revenue"]) == ("7.92", "7.92")
    (margin,) = (await shop.read("/reports/margins", by="day"))["items"]
    assert margin["amount_without_goods"] == "7.92"
    elsewhere = await shop.read("/reports/sales", ["bj-01"])
    assert elsewhere["revenue_kept"] == "0"
    listed = await shop.read(f"/counter-sales/{sale['sale_id']}/take-backs")
    assert listed["items"] == [second, first.json()]


async def test_it_stands_in_red_on_its_own_day_at_the_rate_of_the_day_of_sale(shop: Any) -> None:
    """H5: a month that is listed stays as it was."""
    await shop.send("/output-vat-rates", RATE, "finance")
    sold_at = now() - timedelta(minutes=5)
    sale = await written_off(shop, await told_late(shop, sold_at))
    day = now().astimezone(SHANGHAI) + timedelta(days=40)
    newer = {**RATE, "percent": "9", "valid_from": str(day.date() - timedelta(days=1))}
    await shop.send("/output-vat-rates", newer, "finance")
    with shifted(timedelta(days=40)):
        made = (await take_back(shop, sale, (1, "3"))).json()
        page = await shop.read("/output-invoices", period=f"{day:%Y-%m}")
    (line,) = page["items"]
    assert (line["kind"], line["number"], line["original_number"]) == (
        "red",
        made["number"],
        sale["number"],
    )
    assert (line["amount"], line["percent"], line["day"]) == ("-37.51", "13", str(day.date()))
    before = await shop.read("/output-invoices", period=f"{sold_at.astimezone(SHANGHAI):%Y-%m}")
    assert [(one["kind"], one["amount"]) for one in before["items"]] == [
        ("blue", "37.51"),
        ("blue", "9.9"),
    ]


async def test_no_more_comes_back_than_was_sold_whoever_asks_at_once(shop: Any) -> None:
    sale = await written_off(shop, await told_late(shop))
    answers = await asyncio.gather(*(take_back(shop, sale, (1, "2")) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    said = next(one.json() for one in answers if one.status_code == 409)
    assert said["code"] == "take_back_exceeds_sale"
    assert said["lines"] == [
        {"line_no": 1, "sold": "3", "left": "1", "wanted": "2"},
    ]
    again = [await take_back(shop, sale, (1, "1"), key="once") for _ in range(2)]
    assert again[0].json() == again[1].json()
    assert sum(await refunds(shop)) == Decimal("37.51")


@pytest.mark.parametrize("lines", [((3, "1"),), ((1, "1"), (1, "1"))])
async def test_each_line_that_came_back_is_named_once(shop: Any, lines: Any) -> None:
    sale = await written_off(shop, await told_late(shop))
    refused = await take_back(shop, sale, *lines)
    assert (refused.status_code, refused.json()["code"]) == (422, "take_back_lines_unclear")
    assert refused.json()["known"] == [1, 2]


async def test_a_basket_nobody_has_decided_about_says_what_to_do_and_that_works(shop: Any) -> None:
    """Its stock is corrected, it is covered, and what came back is a return of its shipment."""
    sale = await told_late(shop)
    refused = (await take_back(shop, sale, (1, "1"))).json()
    assert (refused["code"], refused["number"]) == ("counter_sale_still_uncovered", sale["number"])
    assert "retry" in refused["detail"]
    assert "insufficient_stock" in refused["detail"]
    covered = (await shop.send(f"/counter-sales/{sale['sale_id']}/retry")).json()
    refused = (await take_back(shop, sale, (1, "1"))).json()
    assert refused["code"] == "counter_sale_has_shipment"
    assert refused["shipment_id"] == covered["shipment_id"]
    lines = [{"shipment_line_no": 1, "quantity": "1"}]
    body = {"shipment_id": refused["shipment_id"], "lines": lines}
    assert (await shop.send("/returns", body)).status_code == 201
    by_sale = (await shop.send("/returns", body | {"shipment_id": sale["sale_id"]})).json()
    assert (by_sale["code"], "counter sale" in by_sale["detail"]) == ("unknown_shipment", True)


async def test_what_was_refunded_is_not_paid_back_again(shop: Any) -> None:
    sale = await written_off(shop, await told_late(shop), "refunded")
    refused = await take_back(shop, sale, (1, "1"))
    assert (refused.status_code, refused.json()["code"]) == (409, "counter_sale_not_kept")
    assert await refunds(shop) == [Decimal("47.41")]


async def test_only_a_manager_of_the_site_pays_back(shop: Any) -> None:
    sale = await written_off(shop, await told_late(shop))
    clerk = await take_back(shop, sale, (1, "1"), role="clerk")
    assert (clerk.status_code, clerk.json()["code"]) == (403, "role_missing")
    elsewhere = await take_back(shop, sale, (1, "1"), sites=["bj-01"])
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "site_forbidden")
    unknown = await take_back(shop, {"sale_id": "01a209bb-b586-754f-bcbf-5801e9c08c90"}, (1, "1"))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_counter_sale")
