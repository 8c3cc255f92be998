"""Lines without an amount cost what the price list says, and the order says why."""

from datetime import timedelta
from typing import Any

from contracts.inventory import ItemDefined
from contracts.sales import SalesOrderPlaced
from servicekit.clock import now, shifted

TEA = {"item_id": "tea", "unit": "box", "currency": "CNY"}


def today(days: int = 0) -> str:
    return (now() + timedelta(days=days)).date().isoformat()


async def price(shop: Any, unit_price: str, **changes: Any) -> Any:
    body = {**TEA, "valid_from": today(-1), "unit_price": unit_price, **changes}
    return await shop.send("/prices", body, "master_data")


async def promote(shop: Any, percent_off: str, **changes: Any) -> Any:
    body = {
        "name": "autumn",
        "scope": "item",
        "scope_name": "tea",
        "percent_off": percent_off,
        "starts_at": (now() - timedelta(hours=1)).isoformat(),
        "ends_at": (now() + timedelta(hours=1)).isoformat(),
        **changes,
    }
    return await shop.send("/promotions", body, "finance")


async def ordered(shop: Any, *lines: dict[str, str]) -> Any:
    return await shop.order(
        lines=list(lines) or [{"item_id": "tea", "quantity": "3", "unit": "box"}]
    )


async def asked(shop: Any, quantity: str = "3", **changes: Any) -> Any:
    about = {**TEA, "customer_id": "wang", "site_id": "sh-01", "quantity": quantity, **changes}
    return await shop.read("/price", **about)


async def test_a_line_without_an_amount_is_priced_and_says_by_what(shop: Any) -> None:
    assert (await price(shop, "12.50")).status_code == 201
    given = {"item_id": "rice", "quantity": "1", "unit": "kg", "amount": "9.90"}
    order = (await ordered(shop, {"item_id": "tea", "quantity": "3", "unit": "box"}, given)).json()
    assert (order["status"], order["total"]) == ("reserved", "47.4")
    shown = await shop.read(f"/orders/{order['order_id']}")
    assert [one["amount"] for one in shown["lines"]] == ["37.5", "9.9"]
    (why,) = shown["prices"]
    assert (why["line_no"], why["source"], why["unit_price"]) == (1, "list", "12.5")
    fact = next(one for one in await shop.service.events() if isinstance(one, SalesOrderPlaced))
    assert [str(line.amount) for line in fact.lines] == ["37.5", "9.9"]
    paid = await shop.pay(order["order_id"])
    assert paid.json()["status"] == "paid"


async def test_lines_without_a_price_are_all_named_and_nothing_is_placed(shop: Any) -> None:
    await price(shop, "12.50")
    refused = await ordered(
        shop,
        {"item_id": "rice", "quantity": "1.5", "unit": "kg"},
        {"item_id": "tea", "quantity": "1", "unit": "box"},
        {"item_id": "tea", "quantity": "1", "unit": "case"},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "no_price")
    assert [(one["line_no"], one["unit"]) for one in refused.json()["lines"]] == [
        (1, "kg"),
        (3, "case"),
    ]
    assert (await shop.read("/orders"))["items"] == []


async def test_customers_buy_at_their_level_from_the_moment_it_is_set(shop: Any) -> None:
    await price(shop, "12.50")
    await price(shop, "11.00", level="gold")
    await price(shop, "9.00", level="gold", from_quantity="10")
    assert (await shop.read("/customers/wang/price-level"))["level"] == "standard"
    assert (await asked(shop))["amount"] == "37.5"
    path = "/customers/wang/price-level"
    assert (await shop.send(path, {"level": "gold"}, "clerk")).status_code == 403
    assert (await shop.send(path, {"level": "gold"}, "finance")).status_code == 200
    assert [(await asked(shop, one))["amount"] for one in ("3", "10")] == ["33", "90"]
    unknown = await shop.send("/customers/nobody/price-level", {"level": "gold"}, "finance")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_customer")


async def test_promotions_come_off_while_they_last_where_they_are_for(shop: Any) -> None:
    tea = ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0, category="drinks")
    await shop.service.deliver(tea)
    await price(shop, "10.00")
    kept = (await promote(shop, "10")).json()
    await promote(shop, "25", scope="category", scope_name="drinks", site_id="bj-01")
    await promote(shop, "50", scope="general", scope_name=None, level="gold")
    first = await asked(shop)
    assert (first["amount"], first["source"], first["percent_off"]) == ("27", "promotion", "10")
    assert first["promotion_id"] == kept["promotion_id"]
    assert (await asked(shop, site_id="bj-01"))["amount"] == "22.5"
    order = (await ordered(shop)).json()
    (why,) = (await shop.read(f"/orders/{order['order_id']}"))["prices"]
    assert (why["promotion_id"], why["percent_off"]) == (kept["promotion_id"], "10")
    with shifted(timedelta(hours=2)):
        assert (await asked(shop))["amount"] == "30"
    ended = await shop.send(f"/promotions/{kept['promotion_id']}/end", None, "finance")
    assert ended.status_code == 200
    assert (await asked(shop))["amount"] == "30"
    assert len((await shop.read("/promotions", on=now().isoformat()))["items"]) == 2


async def test_a_promotion_that_never_began_is_forgotten(shop: Any) -> None:
    begins, ends = ((now() + timedelta(days=days)).isoformat() for days in (1, 2))
    made = (await promote(shop, "10", starts_at=begins, ends_at=ends)).json()
    path = f"/promotions/{made['promotion_id']}/end"
    assert (await shop.send(path, None, "finance")).status_code == 200
    assert (await shop.read("/promotions"))["items"] == []
    assert (await shop.send(path, None, "finance")).json()["code"] == "unknown_promotion"


async def test_a_price_that_counts_is_not_written_over(shop: Any) -> None:
    await price(shop, "12.50")
    again = await price(shop, "1.00")
    assert (again.status_code, again.json()["code"]) == (409, "price_in_force")
    assert (await price(shop, "11.00", valid_from=today(2))).status_code == 201
    assert (await price(shop, "10.00", valid_from=today(2))).status_code == 201
    assert (await asked(shop))["unit_price"] == "12.5"
    with shifted(timedelta(days=4)):
        assert (await asked(shop))["unit_price"] == "10"
    listed = await shop.read("/prices", item_id="tea", limit=1)
    rest = await shop.read("/prices", item_id="tea", limit=1, cursor=listed["next_cursor"])
    assert [one["unit_price"] for one in (*listed["items"], *rest["items"])] == ["12.5", "10"]
    assert rest["next_cursor"] is None


async def test_what_is_unclear_about_a_price_is_refused(shop: Any) -> None:
    codes = [
        (await price(shop, "1", item_id="unknown")).json()["code"],
        (await price(shop, "1", valid_to=today(-9))).json()["code"],
        (await promote(shop, "10", scope="general")).json()["code"],
        (await promote(shop, "10", scope_name="unknown")).json()["code"],
        (await promote(shop, "10", ends_at="2020-01-01T00:00:00Z")).json()["code"],
        (await asked(shop))["code"],
    ]
    assert codes == [
        "unknown_item",
        "price_days_crossed",
        "promotion_scope_unclear",
        "unknown_item",
        "price_days_crossed",
        "no_price",
    ]
    assert (await promote(shop, "100.01")).status_code == 422
    assert (await price(shop, "1", from_quantity="-1")).status_code == 422
