"""Goods are bought, received, sold, shipped and costed, and all books say the same."""

from decimal import Decimal
from typing import Any


async def test_a_receipt_moves_stock_only_when_it_is_posted(chain: Any) -> None:
    """A1, C1: draft, audited, posted; then the goods are on the books within moments."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    order = (await place_purchase(chain, site_id, item)).json()
    receipt = (
        await chain.post(
            "purchasing",
            "/receipts",
            {
                "order_id": order["order_id"],
                "lines": [{"order_line_no": 1, "quantity": "10"}],
            },
        )
    ).json()
    place = f"/receipts/{receipt['receipt_id']}"
    assert receipt["status"] == "draft"
    early = await chain.post("purchasing", f"{place}/post")
    assert early.status_code == 409
    audited = await chain.post("purchasing", f"{place}/audit")
    assert audited.json()["status"] == "audited"
    assert await chain.stock(site_id, item) == {}
    posted = await chain.post("purchasing", f"{place}/post")
    assert posted.json()["status"] in ("posting", "posted")
    await chain.drain()
    booked = await chain.get("purchasing", place)
    assert booked.json()["status"] == "posted"
    assert (await chain.stock(site_id, item))["on_hand"] == "10"


async def test_more_than_was_ordered_is_refused_with_the_figures(chain: Any) -> None:
    """C1: an over-receipt says how much is still open."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    order = (await place_purchase(chain, site_id, item)).json()
    body = {"order_id": order["order_id"], "lines": [{"order_line_no": 1, "quantity": "11"}]}
    answer = await chain.post("purchasing", "/receipts", body)
    refused = answer.json()
    assert refused["code"] == "over_receipt"
    assert (refused["most"], refused["allowed"]) == ("10", "10")


async def test_a_sale_is_reserved_paid_shipped_and_costed(chain: Any) -> None:
    """B1, B2, E1, E7: available falls with the order, on hand with the shipment, cost follows."""
    site_id, (milk, bread) = await chain.make_site(), await chain.make_items(2)
    customer = await chain.make_customer()
    await chain.stock_up(site_id, {milk: ("10", "1.00"), bread: ("5", "0.3333")})
    await chain.stock_up(site_id, {milk: ("10", "2.00")})
    body = chain.order_body(customer, site_id, {milk: ("4", "12.00"), bread: ("5", "4.95")})
    order = (await chain.post("sales", "/orders", body)).json()
    assert order["status"] == "reserved"
    held = await chain.stock(site_id, milk)
    assert (held["on_hand"], held["allocated"], held["available"]) == ("20", "4", "16")
    place = f"/orders/{order['order_id']}"
    paid = await chain.post("sales", f"{place}/pay", {"amount": "16.95"})
    assert paid.json()["status"] == "paid"
    shipped = await chain.post("sales", f"{place}/ship")
    assert shipped.is_success, shipped.text
    await chain.assert_books_agree(site_id)
    after = await chain.stock(site_id, milk)
    assert (after["on_hand"], after["allocated"]) == ("16", "0")
    cost = (await chain.get("costing", f"/costs/{site_id}/{milk}")).json()
    assert (Decimal(cost["quantity"]), Decimal(cost["value"])) == (16, Decimal("24.00"))
    empty = (await chain.get("costing", f"/costs/{site_id}/{bread}")).json()
    assert (Decimal(empty["quantity"]), Decimal(empty["value"])) == (0, 0)


async def test_every_cost_opens_into_the_documents_behind_it(chain: Any) -> None:
    """E1, E4, E5: entries name their documents, and out of stock means out of value."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    receipt = await chain.stock_up(site_id, {item: ("3", "0.3333")})
    customer = await chain.make_customer()
    for number in range(3):
        body = chain.order_body(customer, site_id, {item: ("1", "1.00")})
        assert await chain.sell(body, f"{chain.tag}-{number}") == "shipped"
    await chain.assert_books_agree(site_id)
    answer = await chain.get("costing", f"/costs/{site_id}/{item}/entries")
    entries = answer.json()["items"]
    assert entries[0]["document_number"] == receipt["number"]
    assert [Decimal(entry["value"]) for entry in entries] == [
        Decimal("1.00"),
        Decimal("-0.33"),
        Decimal("-0.34"),
        Decimal("-0.33"),
    ] or sum(Decimal(entry["value"]) for entry in entries) == 0


async def place_purchase(chain: Any, site_id: str, item: str) -> Any:
    return await chain.post(
        "purchasing",
        "/orders",
        {
            "supplier_id": await chain.make_supplier(),
            "site_id": site_id,
            "warehouse_id": "floor",
            "currency": "USD",
            "due_date": "2030-01-31",
            "lines": [{"item_id": item, "quantity": "10", "unit": "EA", "unit_cost": "1.25"}],
        },
    )
