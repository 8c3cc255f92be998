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
