"""An order leaves in parts: the rest stays held, and books, costs and revenue add up."""

import asyncio
import signal
from typing import Any

Json = dict[str, Any]


async def paid(chain: Any, site_id: str, goods: dict[str, tuple[str, str]]) -> str:
    """Order and pay goods; return the order's id."""
    body = chain.order_body(await chain.make_customer(), site_id, goods)
    order = chain.must(await chain.insist("sales", "/orders", body))
    assert (await chain.settled(order["order_id"]))["status"] == "reserved"
    path = f"/orders/{order['order_id']}/pay"
    chain.must(await chain.insist("sales", path, {"amount": order["total"]}))
    assert (await chain.settled(order["order_id"]))["status"] == "paid"
    return str(order["order_id"])


async def part(chain: Any, order_id: str, **quantities: str) -> Json:
    """Ship so much of the lines, named as `line_1`."""
    lines = [
        {"line_no": int(name.removeprefix("line_")), "quantity": quantity}
        for name, quantity in quantities.items()
    ]
    path = f"/orders/{order_id}/ship"
    return dict(chain.must(await chain.insist("sales", path, {"lines": lines})))


async def stock(chain: Any, site_id: str, item: str) -> tuple[str, str, str]:
    found = await chain.stock(site_id, item)
    return found["on_hand"], found["allocated"], found["available"]


async def test_an_order_leaves_in_parts_and_what_has_not_left_stays_held(chain: Any) -> None:
    """B1, B2."""
    site_id, (tea, rice) = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, {tea: ("10", "3.00"), rice: ("4", "1.00")})
    order_id = await paid(chain, site_id, {tea: ("3", "10.00"), rice: ("2", "5.00")})
    first = await part(chain, order_id, line_1="1")
    assert [line["amount"] for line in first["lines"]] == ["3.33"]
    await chain.assert_books_agree(site_id)
    assert await stock(chain, site_id, tea) == ("9", "2", "7")
    assert await stock(chain, site_id, rice) == ("4", "2", "2")
    assert (await chain.settled(order_id))["status"] == "paid"
    (steps,) = [
        one["steps"]
        for one in chain.must(
            await chain.get("inventory", "/reports/differences", site_id=site_id)
        )["items"]
        if one["item_id"] == tea
    ]
    assert [(one["kind"], one["quantity"]) for one in steps] == [("sales_order", "2")]
    await part(chain, order_id, line_2="2")
    last = chain.must(await chain.insist("sales", f"/orders/{order_id}/ship"))
    assert [(line["quantity"], line["amount"]) for line in last["lines"]] == [("2", "6.67")]
    await chain.assert_books_agree(site_id)
    assert await stock(chain, site_id, tea) == ("7", "0", "7")
    assert (await chain.settled(order_id))["status"] == "shipped"
    report = chain.must(await chain.get("sales", "/reports/sales", site_id=site_id))
    assert report["revenue_shipped"] == "15"
    sums = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert (sums["cogs"], sums["units"]) == ("11", "5")


async def test_parts_are_booked_once_each_though_inventory_dies_between_them(chain: Any) -> None:
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("20", "2.00")})
    order_id = await paid(chain, site_id, {tea: ("6", "12.00")})
    chain.stack.kill("inventory.worker", signal.SIGSTOP)
    for _ in range(3):
        await part(chain, order_id, line_1="1")
    for victim in ("inventory.worker", "sales.relay"):
        await asyncio.to_thread(chain.stack.kill, victim, signal.SIGKILL)
    await asyncio.to_thread(chain.stack.wait_ready, 120)
    chain.must(await chain.insist("sales", f"/orders/{order_id}/ship"))
    await chain.assert_books_agree(site_id)
    assert await stock(chain, site_id, tea) == ("14", "0", "14")
    listed = chain.must(await chain.get("sales", "/shipments", order_id=order_id))["items"]
    assert len(listed) == 4
