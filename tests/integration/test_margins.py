"""What is earned with each order line, by the costs that costing tells, over HTTP."""

from typing import Any
from uuid import uuid4

Json = dict[str, Any]


async def costed(chain: Any, site_id: str, **asked: Any) -> list[Json]:
    """Return margins of a site once everything has been told."""
    await chain.drain()
    found = chain.must(await chain.get("sales", "/reports/margins", site_id=site_id, **asked))
    assert all(one["lines_not_costed"] == 0 for one in found["items"]), found
    return list(found["items"])


async def sold(chain: Any, site_id: str, goods: Any) -> Json:
    """Sell and ship goods; return the shipment."""
    body = chain.order_body(await chain.make_customer(), site_id, goods)
    order = chain.must(await chain.insist("sales", "/orders", body))
    path = f"/orders/{order['order_id']}"
    await chain.settled(order["order_id"])
    chain.must(await chain.insist("sales", f"{path}/pay", {"amount": order["total"]}))
    await chain.settled(order["order_id"])
    return dict(chain.must(await chain.insist("sales", f"{path}/ship")))


async def reprice(chain: Any, receipt: Json, unit_cost: str) -> None:
    """Let two people correct the price of a receipt."""
    body = {"receipt_id": receipt["receipt_id"]}
    chain.must(await chain.post("purchasing", "/accruals", body))
    path = f"/receipts/{receipt['receipt_id']}/repricings"
    body = {
        "cause": "price_entered_wrong",
        "document": "letter of 2026-11-20",
        "lines": [{"line_no": 1, "unit_cost": unit_cost}],
    }
    made = chain.must(await chain.post("purchasing", path, body))
    token = chain.stack.token("max", ["finance"], ["*"], 1)
    path = f"{path}/{made['repricing_id']}/approve"
    chain.must(await chain.post("purchasing", path, None, token=token))


async def test_a_return_takes_cost_back_and_a_corrected_price_changes_the_margin(
    chain: Any,
) -> None:
    """B7, C7: margins are amounts less the cost of goods sold that costing has booked."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    receipt = await chain.stock_up(site_id, {tea: ("10", "5.00")})
    shipment = await sold(chain, site_id, {tea: ("4", "40.00")})
    (row,) = await costed(chain, site_id)
    assert (row["amount"], row["cost"], row["margin"], row["margin_percent"]) == (
        "40",
        "20",
        "20",
        "50",
    )
    lines = [{"shipment_line_no": 1, "quantity": "1"}]
    body = {"shipment_id": shipment["shipment_id"], "lines": lines}
    made = chain.must(await chain.post("sales", "/returns", body))
    for step in ("audit", "post"):
        chain.must(await chain.post("sales", f"/returns/{made['return_id']}/{step}"))
    (row,) = await costed(chain, site_id, by="item")
    assert (row["key"], row["amount"], row["cost"]) == (tea, "30", "15")
    await reprice(chain, receipt, "6.00")
    (row,) = await costed(chain, site_id, by="customer")
    assert (row["cost"], row["corrections"], row["margin"]) == ("18", "3", "12")
    booked = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert booked["cogs"] == row["cost"]
    await chain.assert_books_agree(site_id)


async def test_gifts_are_kept_out_of_margins_and_listed_apart(chain: Any) -> None:
    """C3: what is free has a cost and earns nothing; it lowers nobody's margin."""
    site_id, (tea, gift) = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, {tea: ("10", "5.00"), gift: ("10", "1.00")})
    await sold(chain, site_id, {tea: ("1", "8.00"), gift: ("2", "0")})
    (row,) = await costed(chain, site_id, by="site")
    assert (row["lines"], row["margin"], row["free_lines"], row["free_cost"]) == (1, "3", 1, "2")
    path = "/reports/margins/free-lines"
    (free,) = chain.must(await chain.get("sales", path, site_id=site_id))["items"]
    assert (free["item_id"], free["cost"]) == (gift, "2")


async def test_margins_come_to_what_costing_books_over_many_orders(chain: Any) -> None:
    """E2: line by line, whatever the order in which costs and corrections are told."""
    site_id, (tea, rice) = await chain.make_site(), await chain.make_items(2)
    receipt = await chain.stock_up(site_id, {tea: ("30", "3.33")})
    await chain.stock_up(site_id, {rice: ("30", "1.11")})
    for _ in range(3):
        goods = {tea: ("3", "20.00"), rice: ("1", "4.00")}
        body = chain.order_body(await chain.make_customer(), site_id, goods)
        assert await chain.sell(body, str(uuid4())) == "shipped"
    await chain.drain()
    await reprice(chain, receipt, "3.50")
    (row,) = await costed(chain, site_id, by="site")
    booked = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert (row["lines"], row["cost"]) == (6, booked["cogs"])
    lines = await costed(chain, site_id, by="line")
    assert len(lines) == 6
