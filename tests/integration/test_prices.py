"""What an order comes to is what the chain has set, and the order says by which price."""

from datetime import timedelta
from typing import Any

from servicekit.clock import now


async def test_an_order_without_amounts_is_sold_at_the_price_and_its_promotion(chain: Any) -> None:
    """B2: placed, reserved, paid and shipped at what the price list said when it was placed."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "2.00")})
    customer = await chain.make_customer()
    at = now()
    price = {
        "item_id": tea,
        "unit": "EA",
        "currency": "USD",
        "valid_from": (at - timedelta(days=2)).date().isoformat(),
        "unit_price": "5.00",
    }
    chain.must(await chain.insist("sales", "/prices", price))
    promotion = {
        "name": "opening week",
        "scope": "item",
        "scope_name": tea,
        "percent_off": "20",
        "site_id": site_id,
        "starts_at": (at - timedelta(hours=1)).isoformat(),
        "ends_at": (at + timedelta(hours=1)).isoformat(),
    }
    promoted = chain.must(await chain.insist("sales", "/promotions", promotion))
    body = chain.order_body(customer, site_id, {tea: ("4", "0")})
    del body["lines"][0]["amount"]
    order = chain.must(await chain.insist("sales", "/orders", body))
    assert order["total"] == "16"
    path = f"/orders/{order['order_id']}"
    assert (await chain.settled(order["order_id"]))["status"] == "reserved"
    chain.must(await chain.insist("sales", f"/promotions/{promoted['promotion_id']}/end"))
    chain.must(await chain.insist("sales", f"{path}/pay", {"amount": "16"}))
    assert (await chain.settled(order["order_id"]))["status"] == "paid"
    shipment = chain.must(await chain.insist("sales", f"{path}/ship"))
    assert shipment["lines"][0]["amount"] == "16"
    (why,) = chain.must(await chain.get("sales", path))["prices"]
    assert (why["unit_price"], why["percent_off"]) == ("5", "20")
    assert chain.must(await chain.insist("sales", "/orders", body))["total"] == "20"
    await chain.assert_books_agree(site_id)


async def test_a_customer_buys_at_their_level_and_nobody_at_a_price_that_is_over(
    chain: Any,
) -> None:
    """B2: a level without a price of its own buys at the standard one; no price is refused."""
    site_id, (tea, rice) = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, {tea: ("10", "2.00"), rice: ("10", "2.00")})
    gold, plain = await chain.make_customer(), await chain.make_customer()
    today = now().date()
    began, over = str(today - timedelta(days=9)), str(today - timedelta(days=2))
    set_level = f"/customers/{gold}/price-level"
    chain.must(await chain.insist("sales", set_level, {"level": "gold"}))
    for item, level, unit_price, more in (
        (tea, "standard", "5.00", {}),
        (tea, "gold", "4.00", {}),
        (rice, "standard", "3.00", {}),
        (rice, "gold", "1.00", {"valid_to": over}),
    ):
        price = {"item_id": item, "level": level, "unit": "EA", "currency": "USD"}
        price |= {"valid_from": began, "unit_price": unit_price, **more}
        chain.must(await chain.insist("sales", "/prices", price))

    async def total(customer: str, item: str) -> str:
        body = chain.order_body(customer, site_id, {item: ("2", "0")})
        del body["lines"][0]["amount"]
        return str(chain.must(await chain.insist("sales", "/orders", body))["total"])

    assert (await total(gold, tea), await total(plain, tea)) == ("8", "10")
    assert (await total(gold, rice), await total(plain, rice)) == ("6", "6")
    (oil,) = await chain.make_items(1)
    price = {"item_id": oil, "unit": "EA", "currency": "USD", "valid_from": began}
    price |= {"unit_price": "7.00", "valid_to": over}
    chain.must(await chain.insist("sales", "/prices", price))
    body = chain.order_body(plain, site_id, {oil: ("1", "0")})
    del body["lines"][0]["amount"]
    refused = await chain.insist("sales", "/orders", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "no_price")
