"""B2: an order is changed, before it is paid or after, and what is held follows in one step."""

import asyncio
import signal
from typing import Any

Json = dict[str, Any]


async def ordered(chain: Any, site_id: str, *lines: Json, **more: str) -> Json:
    """Order goods; return the order once inventory has answered."""
    body = chain.order_body(await chain.make_customer(), site_id, {}) | {"lines": [*lines], **more}
    placed = chain.must(await chain.insist("sales", "/orders", body))
    return dict(await chain.settled(placed["order_id"]))


def line(item: str, quantity: str, amount: str | None = None) -> Json:
    wanted = {"item_id": item, "quantity": quantity, "unit": "EA"}
    return wanted if amount is None else wanted | {"amount": amount}


async def change(chain: Any, order: Json, *lines: Json) -> Any:
    body = {"lines_from": order["lines_from"], "lines": list(lines)}
    return await chain.insist("sales", f"/orders/{order['order_id']}/change", body)


async def changed(chain: Any, order: Json, *lines: Json) -> Json:
    chain.must(await change(chain, order, *lines))
    return dict(await chain.settled(order["order_id"]))


async def balance(chain: Any, site_id: str, item: str) -> tuple[str, str]:
    found = await chain.stock(site_id, item)
    return found["allocated"], found["available"]


async def held(chain: Any, order: Json) -> Json:
    path = f"/reservations/{order['reservation_id']}"
    return dict(chain.must(await chain.get("inventory", path)))


async def test_an_order_is_changed_priced_anew_and_paid_and_what_is_held_follows(
    chain: Any,
) -> None:
    """B2: more, then less; what is let go of fills who waits; allocated is what is held."""
    site_id, (tea, rice) = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, {tea: ("10", "2.00"), rice: ("10", "1.00")})
    price = {"item_id": tea, "unit": "EA", "currency": "USD", "valid_from": "2020-01-01"}
    chain.must(await chain.insist("sales", "/prices", price | {"unit_price": "3.00"}))
    order = await ordered(chain, site_id, line(tea, "4"), line(rice, "2", "5.00"))
    assert (order["status"], order["total"]) == ("reserved", "17")
    more = await changed(chain, order, line(tea, "8"), line(rice, "2", "5.00"))
    assert (more["status"], more["total"]) == ("reserved", "29")
    assert [(one["line_no"], one["quantity"]) for one in more["lines"]] == [(3, "8"), (4, "2")]
    assert await balance(chain, site_id, tea) == ("8", "2")
    now_held, before = await held(chain, more), await held(chain, order)
    assert (now_held["status"], now_held["expires_at"]) == ("held", before["expires_at"])
    assert (before["status"], before["reason"]) == ("released", "exchanged")
    waiting = await ordered(chain, site_id, line(tea, "3", "9.00"), shortage="backorder")
    assert (waiting["status"], waiting["total"]) == ("reserved", "6")
    less = await changed(chain, more, line(tea, "1"))
    assert (less["status"], less["total"]) == ("reserved", "3")

    async def filled() -> Json | None:
        rest = await chain.settled(waiting["back_order_id"])
        return rest if rest["status"] == "reserved" else None

    await chain.eventually(filled, "the rest to get what was let go of")
    await pay_and_ship(chain, order, "29.00", "3.00")
    await chain.assert_books_agree(site_id)
    assert await balance(chain, site_id, tea) == ("3", "6")
    assert await balance(chain, site_id, rice) == ("0", "10")


async def pay_and_ship(chain: Any, order: Json, total_before: str, total: str) -> None:
    path = f"/orders/{order['order_id']}"
    wrong = await chain.insist("sales", f"{path}/pay", {"amount": total_before})
    assert wrong.json()["code"] == "wrong_amount"
    chain.must(await chain.insist("sales", f"{path}/pay", {"amount": total}))
    assert (await chain.settled(order["order_id"]))["status"] == "paid"
    chain.must(await chain.insist("sales", f"{path}/ship"))
    late = await change(chain, order, line("any", "1", "1.00"))
    assert late.json()["code"] == "order_not_changeable"


async def test_a_change_that_is_refused_leaves_everything_as_it_was(chain: Any) -> None:
    """B2: with the usual explanation; what the order holds itself counts as available to it."""
    site_id, (tea, rice) = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, {tea: ("10", "2.00"), rice: ("10", "1.00")})
    order = await ordered(chain, site_id, line(tea, "6", "18.00"))
    other = await ordered(chain, site_id, line(tea, "3", "9.00"))
    before = await held(chain, order)
    refused = await change(chain, order, line(rice, "1", "2.50"), line(tea, "8", "24.00"))
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_stock")
    (short,) = refused.json()["shortages"]
    assert (short["line_no"], short["available"], short["short"]) == (2, "7", "1")
    assert [one["order_id"] for one in short["allocated_by"]] == [other["order_id"]]
    assert await chain.settled(order["order_id"]) == order
    assert await held(chain, order) == before
    assert await balance(chain, site_id, tea) == ("9", "1")
    assert await balance(chain, site_id, rice) == ("0", "10")
    listed = chain.must(await chain.get("sales", f"/orders/{order['order_id']}/changes"))["items"]
    assert [(one["outcome"], one["total"]) for one in listed] == [("refused", "26.5")]
    await chain.assert_books_agree(site_id)


async def test_an_order_is_changed_though_inventory_dies_meanwhile(chain: Any) -> None:
    """B2, B8: killed while it is asked; the order is changed once, and nothing is held twice."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "2.00")})
    order = await ordered(chain, site_id, line(tea, "4", "8.00"))
    asking = asyncio.create_task(change(chain, order, line(tea, "7", "14.00")))
    await asyncio.to_thread(chain.stack.kill, "inventory.api", signal.SIGKILL)
    chain.must(await asking)
    found = await chain.settled(order["order_id"])
    assert (found["status"], found["total"]) == ("reserved", "14")
    await chain.assert_books_agree(site_id)
    assert await balance(chain, site_id, tea) == ("7", "3")


async def test_a_paid_order_is_changed_and_goods_and_money_follow(chain: Any) -> None:
    """B2: more, for what that costs, then less; revenue is what was paid less what came back."""
    site_id, (tea, rice) = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, {tea: ("10", "2.00"), rice: ("10", "1.00")})
    order = await ordered(chain, site_id, line(tea, "4", "12.00"))
    path = f"/orders/{order['order_id']}"
    chain.must(await chain.insist("sales", f"{path}/pay", {"amount": "12.00"}))
    body = {"lines_from": 1, "lines": [line(tea, "8", "24.00")]}
    unpaid = await chain.insist("sales", f"{path}/change", body)
    assert (unpaid.json()["code"], unpaid.json()["difference"]) == ("difference_to_pay", "12.00")
    short = body | {"lines": [line(tea, "11", "24.00")], "payment": {"amount": "12.00"}}
    refused = await chain.insist("sales", f"{path}/change", short)
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_stock")
    assert await balance(chain, site_id, tea) == ("4", "6")
    paid = body | {"payment": {"amount": "12.00"}}
    chain.must(await chain.insist("sales", f"{path}/change", paid))
    more = await chain.settled(order["order_id"])
    assert (more["status"], more["total"]) == ("paid", "24")
    assert (await held(chain, more))["status"] == "confirmed"
    assert await balance(chain, site_id, tea) == ("8", "2")
    less = await changed(chain, more, line(rice, "3", "7.50"))
    assert (less["status"], less["total"]) == ("paid", "7.5")
    assert await balance(chain, site_id, tea) == ("0", "10")
    chain.must(await chain.insist("sales", f"{path}/ship"))
    await chain.assert_books_agree(site_id)
    said = {"topic": "sales.order.v1", "key": order["order_id"]}
    told = chain.must(await chain.get("sales", "/events", **said))["items"]
    sums = [
        (one["type"].split(".")[-2], one["payload"]["amount"])
        for one in told
        if ".order_paid." in one["type"] or ".order_refunded." in one["type"]
    ]
    assert sums == [("order_paid", "12"), ("order_paid", "12"), ("order_refunded", "16.5")]
    report = chain.must(await chain.get("sales", "/reports/sales", site_id=site_id))
    assert report["revenue"] == "7.5"
