"""B2: what is there is held at once, the rest waits as a back order and is filled as goods come."""

import asyncio
import signal
from typing import Any

Json = dict[str, Any]


async def order(
    chain: Any, site_id: str, goods: dict[str, tuple[str, str]], shortage: str = "backorder"
) -> Json:
    """Order goods that may not be there; return the order once inventory has answered."""
    body = chain.order_body(await chain.make_customer(), site_id, goods) | {"shortage": shortage}
    placed = chain.must(await chain.insist("sales", "/orders", body))
    return dict(await chain.settled(placed["order_id"]))


async def in_status(chain: Any, order_id: str, status: str) -> Json:
    """Wait until an order has a status; return it."""

    async def seen() -> Json | None:
        found = await chain.settled(order_id)
        return found if found["status"] == status else None

    return dict(await chain.eventually(seen, f"order {order_id} to be {status}"))


async def pay(chain: Any, found: Json) -> None:
    path = f"/orders/{found['order_id']}/pay"
    chain.must(await chain.insist("sales", path, {"amount": found["total"]}))
    assert (await chain.settled(found["order_id"]))["status"] == "paid"


async def stock(chain: Any, site_id: str, item: str) -> tuple[str, str, str]:
    found = await chain.stock(site_id, item)
    return found["on_hand"], found["allocated"], found["available"]


async def test_what_is_short_waits_and_is_filled_in_the_order_of_promise(chain: Any) -> None:
    """B2: by a purchase receipt, then by goods that another order lets go of."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("4", "2.00")})
    first = await order(chain, site_id, {tea: ("10", "100.00")})
    assert (first["status"], first["total"]) == ("reserved", "40")
    assert [one["quantity"] for one in first["held"]] == ["4"]
    rest = await chain.settled(first["back_order_id"])
    assert (rest["status"], rest["total"]) == ("backordered", "60")
    second = await order(chain, site_id, {tea: ("2", "20.00")})
    third = await order(chain, site_id, {tea: ("1", "10.00")})
    queue = chain.must(await chain.get("sales", "/back-orders", site_id=site_id))["items"]
    assert [(one["position"], one["order_id"]) for one in queue] == [
        (1, rest["order_id"]),
        (2, second["order_id"]),
        (3, third["order_id"]),
    ]
    await chain.stock_up(site_id, {tea: ("5", "2.00")})
    await chain.drain()
    # Five are there, six are promised first: nobody overtakes.
    for one in (rest, second, third):
        assert (await chain.settled(one["order_id"]))["status"] == "backordered"
    await chain.stock_up(site_id, {tea: ("3", "2.00")})
    rest = await in_status(chain, rest["order_id"], "reserved")
    second = await in_status(chain, second["order_id"], "reserved")
    assert (await chain.settled(third["order_id"]))["status"] == "backordered"
    await pay(chain, first)
    await pay(chain, rest)
    chain.must(await chain.insist("sales", f"/orders/{second['order_id']}/cancel"))
    third = await in_status(chain, third["order_id"], "reserved")
    await pay(chain, third)
    for one in (first, rest, third):
        chain.must(await chain.insist("sales", f"/orders/{one['order_id']}/ship"))
    await chain.assert_books_agree(site_id)
    assert await stock(chain, site_id, tea) == ("1", "0", "1")


async def test_a_rest_that_may_come_in_parts_takes_what_there_is_each_time(chain: Any) -> None:
    """B2: each part is an order of its own, held, paid and shipped, and they add up to the cent."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("3", "2.00")})
    found = await order(chain, site_id, {tea: ("9", "10.00")}, "backorder_in_parts")
    parts = [found]
    for much in ("2", "4"):
        await chain.stock_up(site_id, {tea: (much, "2.00")})
        parts.append(await in_status(chain, parts[-1]["back_order_id"], "reserved"))
    assert [one["held"][0]["quantity"] for one in parts] == ["3", "2", "4"]
    assert [one["total"] for one in parts] == ["3.33", "2.22", "4.45"]
    assert parts[-1]["back_order_id"] is None
    for one in parts:
        await pay(chain, one)
        chain.must(await chain.insist("sales", f"/orders/{one['order_id']}/ship"))
    await chain.assert_books_agree(site_id)
    assert await stock(chain, site_id, tea) == ("0", "0", "0")


async def test_a_newcomer_stands_behind_the_queue_if_it_may_wait_and_else_takes_what_is_free(
    chain: Any,
) -> None:
    """B2: six were promised first and five are there; who may wait takes none of them."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    first = await order(chain, site_id, {tea: ("6", "60.00")})
    await chain.stock_up(site_id, {tea: ("5", "2.00")})
    await chain.drain()
    newcomer = await order(chain, site_id, {tea: ("2", "20.00")})
    assert (newcomer["status"], newcomer["refusal"]["code"]) == (
        "backordered",
        "others_wait_longer",
    )
    assert [one["number"] for one in newcomer["refusal"]["ahead"]] == [first["number"]]
    await chain.stock_up(site_id, {tea: ("1", "2.00")})
    await in_status(chain, first["order_id"], "reserved")
    await chain.stock_up(site_id, {tea: ("1", "2.00")})
    await chain.drain()
    at_once = await order(chain, site_id, {tea: ("1", "10.00")}, "refuse")
    assert at_once["status"] == "reserved"
    assert (await chain.settled(newcomer["order_id"]))["status"] == "backordered"
    await chain.stock_up(site_id, {tea: ("2", "2.00")})
    await in_status(chain, newcomer["order_id"], "reserved")
    assert await stock(chain, site_id, tea) == ("9", "9", "0")


async def test_back_orders_are_filled_though_sales_dies_meanwhile(chain: Any) -> None:
    """B2, B8: killed before it hears of the goods and while it fills, it loses nothing."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    waiting = [await order(chain, site_id, {tea: ("2", "20.00")}) for _ in range(3)]
    assert {one["status"] for one in waiting} == {"backordered"}
    await asyncio.to_thread(chain.stack.kill, "sales.worker", signal.SIGKILL)
    await chain.receive(site_id, {tea: ("6", "2.00")})
    await in_status(chain, waiting[0]["order_id"], "reserved")
    await asyncio.to_thread(chain.stack.kill, "sales.worker", signal.SIGKILL)
    for one in waiting[1:]:
        await in_status(chain, one["order_id"], "reserved")
    assert await stock(chain, site_id, tea) == ("6", "6", "0")
    await chain.assert_books_agree(site_id)


async def test_the_rest_of_an_order_that_left_in_part_is_cancelled_and_paid_back(
    chain: Any,
) -> None:
    """B2: though inventory has not booked what left; whoever waits for the goods gets them."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("6", "2.00")})
    found = await order(chain, site_id, {tea: ("6", "10.00")}, "refuse")
    await pay(chain, found)
    path = f"/orders/{found['order_id']}"
    chain.stack.kill("inventory.worker", signal.SIGSTOP)
    lines = {"lines": [{"line_no": 1, "quantity": "2"}]}
    shipped = chain.must(await chain.insist("sales", f"{path}/ship", lines))
    assert [one["amount"] for one in shipped["lines"]] == ["3.33"]
    chain.must(await chain.insist("sales", f"{path}/cancel-rest"))
    assert (await chain.settled(found["order_id"]))["status"] == "shipped"
    assert await stock(chain, site_id, tea) == ("6", "2", "4")
    chain.stack.kill("inventory.worker", signal.SIGCONT)
    await chain.assert_books_agree(site_id)
    assert await stock(chain, site_id, tea) == ("4", "0", "4")
