"""A till sells baskets in one call each; what it sold while it was offline it tells later."""

import asyncio
import signal
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from servicekit.clock import now

Json = dict[str, Any]
BASKETS = 48
TILLS = 6


async def basket(chain: Any, site_id: str, goods: dict[str, str], **more: Any) -> Json:
    """Return what a till sends: each line for 3.00."""
    return {
        "customer_id": await chain.make_customer(),
        "site_id": site_id,
        "warehouse_id": "floor",
        "device": "till-1",
        "currency": "USD",
        "lines": [
            {"item_id": item, "quantity": quantity, "unit": "EA", "amount": "3.00"}
            for item, quantity in goods.items()
        ],
        **more,
    }


def offline(number: int, hours_ago: int = 5) -> Json:
    """Say when a till sold a basket that it tells of only now, and its own number of it."""
    sold_at = now() - timedelta(hours=hours_ago)
    return {"sold_at": sold_at.isoformat(), "basket_no": f"b-{number}"}


async def on_hand(chain: Any, site_id: str, item: str) -> tuple[Decimal, Decimal]:
    stock = await chain.stock(site_id, item)
    return Decimal(stock["on_hand"]), Decimal(stock["allocated"])


async def test_a_basket_is_reserved_paid_and_shipped_in_one_call(chain: Any) -> None:
    """B1, B2, B8: once, however often it is sent; afterwards it is an order like any other."""
    site_id, (milk, bread) = await chain.make_site("till"), await chain.make_items(2)
    await chain.stock_up(site_id, {milk: ("10", "0.77"), bread: ("5", "1.10")})
    body, key = await basket(chain, site_id, {milk: "3", bread: "1"}), str(uuid4())
    answers = [await chain.post("sales", "/counter-sales", body, key) for _ in range(3)]
    sale = answers[0].json()
    assert (answers[0].status_code, sale["status"], sale["total"]) == (201, "sold", "6")
    assert [answer.json() for answer in answers[1:]] == [sale, sale]
    other = await chain.post("sales", "/counter-sales", body | {"device": "till-2"}, key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    await chain.assert_books_agree(site_id)
    assert await on_hand(chain, site_id, milk) == (7, 0)
    order = chain.must(await chain.get("sales", f"/orders/{sale['sale_id']}"))
    assert (order["status"], order["shipment_id"]) == ("shipped", sale["shipment_id"])
    cogs = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert Decimal(cogs["cogs"]) == Decimal("0.77") * 3 + Decimal("1.10")
    in_transit = chain.must(await chain.get("sales", "/in-transit", site_id=site_id))
    assert in_transit["items"] == []


async def test_a_basket_that_is_not_covered_stays_in_the_shop_and_says_why(chain: Any) -> None:
    """B1, B3: all or nothing, in inventory's own words."""
    site_id, other = await chain.make_site("till"), await chain.make_site("other")
    plenty, short = await chain.make_items(2)
    await chain.stock_up(site_id, {plenty: ("10", "1"), short: ("1", "1")})
    await chain.stock_up(other, {short: ("7", "1")})
    body = await basket(chain, site_id, {plenty: "1", short: "2"})
    answer = await chain.post("sales", "/counter-sales", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    (line,) = answer.json()["shortages"]
    assert (line["item_id"], line["requested"], line["available"]) == (short, "2", "1")
    assert line["other_sites"] == [{"site_id": other, "warehouse_id": "floor", "available": "7"}]
    assert line["ways_out"]
    assert await on_hand(chain, site_id, plenty) == (10, 0)
    page = chain.must(await chain.get("sales", "/counter-sales/exceptions", site_id=site_id))
    assert page["items"] == []


async def test_what_a_till_sold_offline_is_never_lost_and_never_goes_below_zero(chain: Any) -> None:
    """B1, B3, B8: what is not covered is an exception, closed by stock or by a person's reason."""
    site_id, (milk, eggs) = await chain.make_site("till"), await chain.make_items(2)
    await chain.stock_up(site_id, {milk: ("5", "1"), eggs: ("1", "1")})
    told = [
        await basket(chain, site_id, {milk: "3"}, **offline(1)),
        await basket(chain, site_id, {milk: "3"}, **offline(2, hours_ago=4)),
        await basket(chain, site_id, {eggs: "2"}, **offline(3, hours_ago=3)),
    ]
    first, second, third = [
        chain.must(await chain.post("sales", "/counter-sales", body)) for body in told
    ]
    assert [one["status"] for one in (first, second, third)] == ["sold", "uncovered", "uncovered"]
    # The till has lost the answers, and tells all of it again under other keys.
    again = [chain.must(await chain.post("sales", "/counter-sales", body)) for body in told]
    assert [one["sale_id"] for one in again] == [one["sale_id"] for one in (first, second, third)]
    await chain.assert_books_agree(site_id)
    assert await on_hand(chain, site_id, milk) == (2, 0)
    page = chain.must(await chain.get("sales", "/counter-sales/exceptions", site_id=site_id))
    assert [one["sale_id"] for one in page["items"]] == [second["sale_id"], third["sale_id"]]
    (short,) = page["items"][0]["problem"]["shortages"]
    assert (short["item_id"], short["requested"], short["available"]) == (milk, "3", "2")

    await chain.stock_up(site_id, {milk: ("10", "1")})
    path = f"/counter-sales/{second['sale_id']}"
    closed = chain.must(await chain.post("sales", f"{path}/retry"))
    assert closed["status"] == "sold"
    path = f"/counter-sales/{third['sale_id']}"
    still = chain.must(await chain.post("sales", f"{path}/retry"))
    assert still["status"] == "uncovered"
    reason = {"reason": "counted in the cellar by mistake", "money": "refunded"}
    closed = chain.must(await chain.post("sales", f"{path}/write-off", reason))
    assert (closed["status"], closed["reason"]) == ("written_off", reason["reason"])
    await chain.assert_books_agree(site_id)
    assert await on_hand(chain, site_id, milk) == (9, 0)
    assert await on_hand(chain, site_id, eggs) == (1, 0)
    page = chain.must(await chain.get("sales", "/counter-sales/exceptions", site_id=site_id))
    assert page["items"] == []


async def test_what_a_till_was_paid_is_revenue_though_nothing_covers_it(chain: Any) -> None:
    """B1, H5, B7: of the day of sale once it is kept, until it comes back; stock stays as it is."""
    site_id, (milk,) = await chain.make_site("till"), await chain.make_items(1)
    await chain.stock_up(site_id, {milk: ("1", "1")})
    rate = {"scope": "item", "name": milk, "percent": "13", "valid_from": "2020-01-01"}
    chain.must(await chain.post("sales", "/output-vat-rates", rate))
    told = await basket(chain, site_id, {milk: "3"}, **offline(1))
    sale = chain.must(await chain.post("sales", "/counter-sales", told))

    async def figures() -> list[str]:
        report = chain.must(await chain.get("sales", "/reports/sales", site_id=site_id))
        return [report[name] for name in ("revenue", "revenue_kept", "revenue_uncovered")]

    assert await figures() == ["0", "0", "3"]
    body = {"reason": "baked in the shop", "money": "kept"}
    path = f"/counter-sales/{sale['sale_id']}/write-off"
    assert chain.must(await chain.post("sales", path, body))["money"] == "kept"
    assert await figures() == ["3", "3", "0"]
    sold_at = datetime.fromisoformat(told["sold_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    asked = {"period": f"{sold_at:%Y-%m}", "site_id": site_id}
    (line,) = chain.must(await chain.get("sales", "/output-invoices", **asked))["items"]
    assert (line["number"], line["amount"], line["tax"]) == (sale["number"], "3", "0.39")
    back = {"reason": "sour", "lines": [{"line_no": 1, "quantity": "1"}]}
    path = f"/counter-sales/{sale['sale_id']}/take-backs"
    assert chain.must(await chain.post("sales", path, back))["amount"] == "1"
    assert await figures() == ["2", "2", "0"]
    assert await on_hand(chain, site_id, milk) == (1, 0)
    await chain.assert_books_agree(site_id)


async def test_tills_that_race_for_the_last_units_sell_exactly_what_is_there(chain: Any) -> None:
    """B1, B2: 24 baskets of two for the last 15 units: seven are sold."""
    site_id, (milk,) = await chain.make_site("till"), await chain.make_items(1)
    await chain.stock_up(site_id, {milk: ("15", "1")})
    body = await basket(chain, site_id, {milk: "2"})
    answers = await asyncio.gather(
        *(chain.post("sales", "/counter-sales", body) for _ in range(24))
    )
    assert Counter(answer.status_code for answer in answers) == {201: 7, 409: 17}
    await chain.assert_books_agree(site_id)
    assert await on_hand(chain, site_id, milk) == (1, 0)


async def test_processes_killed_while_tills_sell_lose_and_double_nothing(chain: Any) -> None:
    """B2, B8: each basket is sold once, whoever dies between call, answer and commit."""
    site_id, (milk,) = await chain.make_site("till"), await chain.make_items(1)
    await chain.stock_up(site_id, {milk: (str(BASKETS), "1")})
    body = await basket(chain, site_id, {milk: "1"})
    numbers = iter(range(BASKETS))

    async def till() -> list[str]:
        ids = []
        for number in numbers:
            key = f"{chain.tag}-{number}"
            answer = chain.must(await chain.insist("sales", "/counter-sales", body, key))
            ids.append(str(answer["sale_id"]))
        return ids

    async def kill() -> None:
        for victim in ("sales.api", "inventory.api", "sales.worker"):
            await asyncio.to_thread(chain.stack.kill, victim, signal.SIGKILL)

    groups, _ = await asyncio.gather(asyncio.gather(*(till() for _ in range(TILLS))), kill())
    await asyncio.to_thread(chain.stack.wait_ready, 120)
    ids = [sale_id for group in groups for sale_id in group]
    assert len(set(ids)) == BASKETS

    async def settled() -> bool:
        states = [
            chain.must(await chain.get("sales", f"/counter-sales/{sale_id}"))["status"]
            for sale_id in ids
        ]
        assert set(states) <= {"open", "sold"}, Counter(states)
        return set(states) == {"sold"}

    await chain.eventually(settled, "every basket to be sold")
    await chain.assert_books_agree(site_id)
    assert await on_hand(chain, site_id, milk) == (0, 0)
    report = chain.must(await chain.get("sales", "/reports/sales", site_id=site_id))
    assert report["orders"] == {"shipped": BASKETS}
