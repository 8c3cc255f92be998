"""The money of what a till sold while it was offline: revenue of the day of sale (B1, H5, C7)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.envelope import Event
from contracts.sales import CounterSaleKept, SalesOrderRefunded
from servicekit.clock import now, shifted

TEA = {"item_id": "tea", "quantity": "3", "unit": "box", "amount": "37.50"}
RICE = {"item_id": "rice", "quantity": "1.250", "unit": "kg", "amount": "9.90"}
SHORT = {"code": "insufficient_stock", "status": 409, "detail": "short", "lines_short": 1}
SHANGHAI = ZoneInfo("Asia/Shanghai")
RATE = {"scope": "general", "percent": "13", "valid_from": "2020-01-01"}


async def tell(shop: Any, sold_at: datetime, **more: Any) -> dict[str, Any]:
    """Let a till tell late of a basket of tea and rice for 47.40."""
    body = {
        "site_id": "sh-01",
        "warehouse_id": "main",
        "device": "till-1",
        "basket_no": f"b-{sold_at:%d%H%M}",
        "sold_at": sold_at.isoformat(),
        "customer_id": "wang",
        "currency": "CNY",
        "lines": [TEA, RICE],
        **more,
    }
    answer = await shop.send("/counter-sales", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def uncovered(shop: Any, sold_at: datetime, **more: Any) -> dict[str, Any]:
    shop.line.refusals["reservations"] = (409, SHORT)
    sale = await tell(shop, sold_at, **more)
    shop.line.refusals.clear()
    assert sale["status"] == "uncovered"
    return sale


async def write_off(shop: Any, sale: dict[str, Any], money: str) -> Any:
    body = {"reason": "nobody knows where it came from", "money": money}
    path = f"/counter-sales/{sale['sale_id']}/write-off"
    return await shop.send(path, body, role="shop_manager")


async def facts(shop: Any, kind: type[Event]) -> list[Any]:
    return [one for one in await shop.service.events() if isinstance(one, kind)]


async def figures(shop: Any) -> dict[str, Any]:
    """Return the figures of the sales report that are about money."""
    report = await shop.read("/reports/sales")
    return {name: report[f"revenue{name}"] for name in ("", "_shipped", "_kept", "_uncovered")}


async def invoices(shop: Any, at: datetime) -> list[tuple[str, str, str]]:
    page = await shop.read("/output-invoices", period=f"{at.astimezone(SHANGHAI):%Y-%m}")
    return [(one["number"], one["day"], one["percent"]) for one in page["items"]]


def turn_of_the_month() -> datetime:
    """Return the moment at which the next month begins in Shanghai."""
    soon = now().astimezone(SHANGHAI) + timedelta(days=32)
    return soon.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def test_what_is_kept_is_revenue_of_the_day_of_sale(shop: Any) -> None:
    """B1, H5: in the report, on the list of invoices and among the margins, once."""
    await shop.send("/output-vat-rates", RATE, "finance")
    sold_at = now() - timedelta(hours=3)
    sale = await uncovered(shop, sold_at)
    kept = {"": "0", "_shipped": "0", "_kept": "0", "_uncovered": "47.4"}
    assert await figures(shop) == kept
    assert await invoices(shop, sold_at) == []
    assert (await write_off(shop, sale, "kept")).json()["money"] == "kept"
    assert await figures(shop) == kept | {"": "47.4", "_kept": "47.4", "_uncovered": "0"}
    day = str(sold_at.astimezone(SHANGHAI).date())
    assert await invoices(shop, sold_at) == [(sale["number"], day, "13")] * 2
    (fact,) = await facts(shop, CounterSaleKept)
    assert (fact.amount, fact.sold_at) == (Decimal("47.40"), sold_at)
    assert [line.sold_in for line in fact.lines] == ["box", "kg"]
    assert (await write_off(shop, sale, "refunded")).json()["code"] == "counter_sale_not_uncovered"


async def test_nothing_says_what_kept_goods_cost_and_nobody_waits_for_it(shop: Any) -> None:
    """C7: what is missing of them is a difference of stock, with a cost of its own."""
    sold_at = now() - timedelta(hours=3)
    lines = [TEA, {**RICE, "amount": "0"}]
    sale = await uncovered(shop, sold_at, lines=lines)
    await write_off(shop, sale, "kept")
    (row,) = (await shop.read("/reports/margins", by="day"))["items"]
    assert row["key"] == str(sold_at.astimezone(SHANGHAI).date())
    assert (row["lines"], row["amount"], row["amount_without_goods"]) == (1, "37.5", "37.5")
    assert (row["lines_not_costed"], row["oldest_not_costed_at"], row["margin"]) == (0, None, "0")
    (line,) = (await shop.read("/reports/margins", by="line", item_id="tea"))["items"]
    assert line["label"] == f"{sale['number']}/1"
    elsewhere = {"by": "day", "since": now().isoformat()}
    assert (await shop.read("/reports/margins", **elsewhere))["items"] == []


async def test_what_is_refunded_is_no_revenue_and_a_fact_says_who_gets_it(shop: Any) -> None:
    sale = await uncovered(shop, now() - timedelta(hours=3))
    assert (await write_off(shop, sale, "refunded")).json()["money"] == "refunded"
    assert set((await figures(shop)).values()) == {"0"}
    (fact,) = await facts(shop, SalesOrderRefunded)
    assert (fact.customer_id, fact.amount, fact.number) == ("wang", Decimal("47.4"), sale["number"])


async def test_who_and_what_nobody_knows_is_on_the_list_all_the_same(shop: Any) -> None:
    """H5: the till has sold it, and the tax is due."""
    await shop.send("/output-vat-rates", RATE, "finance")
    sold_at = now() - timedelta(hours=1)
    moon = [{**TEA, "item_id": "moon"}]
    sale = await tell(shop, sold_at, lines=moon, customer_id="passer-by")
    assert sale["cause"] == "unknown_customer"
    await write_off(shop, sale, "kept")
    page = await shop.read("/output-invoices", period=f"{sold_at.astimezone(SHANGHAI):%Y-%m}")
    (line,) = page["items"]
    assert (line["buyer"], line["item_name"], line["tax"]) == ("passer-by", "moon", "4.88")
    (row,) = (await shop.read("/reports/margins", by="customer"))["items"]
    assert (row["key"], row["label"]) == ("passer-by", "passer-by")


async def test_what_nobody_knows_gets_a_rate_of_its_own_once_its_money_is_kept(shop: Any) -> None:
    """H5: without one no list of that month would ever be whole again."""
    rate = {**RATE, "scope": "item", "name": "moon"}
    assert (await shop.send("/output-vat-rates", rate, "finance")).json()["code"] == "unknown_item"
    sold_at = now() - timedelta(hours=1)
    sale = await tell(shop, sold_at, lines=[{**TEA, "item_id": "moon"}])
    await write_off(shop, sale, "kept")
    month = f"{sold_at.astimezone(SHANGHAI):%Y-%m}"
    missing = await shop.read("/output-invoices", period=month)
    assert (missing["code"], missing["items"]) == ("vat_rate_missing", ["moon"])
    assert (await shop.send("/output-vat-rates", rate, "finance")).status_code < 300
    (line,) = (await shop.read("/output-invoices", period=month))["items"]
    assert (line["item_name"], line["percent"]) == ("moon", "13")


async def test_money_of_another_currency_is_refunded_for_it_is_no_revenue(shop: Any) -> None:
    sale = await tell(shop, now() - timedelta(hours=1), currency="USD")
    report = await shop.read("/reports/sales")
    assert (report["sales_uncovered"], report["revenue_uncovered"]) == (1, "0")
    refused = await write_off(shop, sale, "kept")
    assert refused.json()["code"] == "foreign_currency_unsupported"
    assert (await write_off(shop, sale, "refunded")).json()["status"] == "written_off"


@pytest.mark.parametrize("how", ["covered late", "kept"])
async def test_a_month_ends_when_it_ends_at_the_site_however_late_the_till_tells(
    shop: Any, how: str
) -> None:
    """H5: at the rate of that day; what came back of it is listed when it did, at that rate."""
    turn = turn_of_the_month()
    await shop.send("/output-vat-rates", RATE, "finance")
    new_rate = {**RATE, "percent": "9", "valid_from": str(turn.date())}
    await shop.send("/output-vat-rates", new_rate, "finance")
    before, after = turn - timedelta(minutes=30), turn + timedelta(minutes=30)
    with shifted(turn + timedelta(days=2) - now()):
        if how == "kept":
            sales = [await uncovered(shop, at) for at in (before, after)]
            for sale in sales:
                await write_off(shop, sale, "kept")
        else:
            sales = [await tell(shop, at) for at in (before, after)]
        first, second = sales
        last_day = str((turn - timedelta(days=1)).date())
        assert await invoices(shop, before) == [(first["number"], last_day, "13")] * 2
        assert await invoices(shop, after) == [(second["number"], str(turn.date()), "9")] * 2
        for by, size in (("day", 10), ("month", 7)):
            rows = (await shop.read("/reports/margins", by=by))["items"]
            assert [one["key"] for one in rows] == [last_day[:size], str(turn.date())[:size]]
        rows = (await shop.read("/reports/margins", until=turn.isoformat()))["items"]
        assert [one["label"] for one in rows] == [first["number"]]
        if how == "kept":
            return
        line = {"shipment_line_no": 1, "quantity": "3"}
        body = {"shipment_id": first["shipment_id"], "lines": [line]}
        made = (await shop.send("/returns", body)).json()
        for step in ("audit", "post"):
            assert (await shop.send(f"/returns/{made['return_id']}/{step}")).is_success
        today = str(now().astimezone(SHANGHAI).date())
        assert (made["number"], today, "13") in await invoices(shop, after)
