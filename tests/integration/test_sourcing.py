"""Goods from other sites, and what could be had instead, on the running platform."""

import asyncio
import signal
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import uuid4

PLACES = {
    "here": ("31.230416", "121.473701"),
    "near": ("31.299379", "120.585289"),
    "far": ("39.904200", "116.407396"),
}


async def three_sites(chain: Any) -> dict[str, str]:
    """Make sites that say where they are and ship for others, and wait until sales knows it."""
    sites = {name: await chain.make_site(name) for name in PLACES}
    for name, (north, east) in PLACES.items():
        body = {"site_id": sites[name], "name": name, "time_zone": "Asia/Shanghai"}
        placed = {**body, "latitude": north, "longitude": east}
        chain.must(await chain.insist("inventory", "/sites", placed))
        floor = {"warehouse_id": "floor", "name": "Floor", "ships_for_others": True}
        chain.must(await chain.insist("inventory", f"/sites/{sites[name]}/warehouses", floor))
    await chain.drain()
    return sites


def wish(chain: Any, customer: str, site_id: str, item: str, much: str, mode: str) -> Any:
    return {**chain.order_body(customer, site_id, {item: (much, "10.00")}), "mode": mode}


async def test_the_nearest_with_everything_ships_or_several_share_and_all_is_held_or_nothing(
    chain: Any,
) -> None:
    """B2, B3: an order for each site, linked as one request, paid and shipped as orders are."""
    sites, (item,) = await three_sites(chain), await chain.make_items(1)
    customer = await chain.make_customer()
    for name, much in {"here": "2", "near": "3", "far": "9"}.items():
        await chain.stock_up(sites[name], {item: (much, "1")})
    await chain.drain()

    async def ask(much: str, mode: str) -> Any:
        body = wish(chain, customer, sites["here"], item, much, mode)
        return await chain.post("sales", "/sourcing/requests", body)

    whole = chain.must(await ask("3", "nearest"))
    (order,) = whole["orders"]
    assert (whole["rule"], order["source_site_id"]) == ("nearest_with_everything", sites["near"])
    assert 80_000 < order["distance_m"] < 90_000
    split = chain.must(await ask("11", "split"))
    assert {one["source_site_id"] for one in split["orders"]} == {sites["here"], sites["far"]}
    refused = await ask("2", "split")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_source")
    # Sites of other tests may ship for others too.
    assert not any(one["has"] for one in refused.json()["considered"])
    path = f"/sourcing/requests/{split['request_id']}"
    paid = chain.must(await chain.post("sales", f"{path}/pay", {"amount": "10.00"}))
    assert {one["status"] for one in paid["orders"]} == {"paid"}
    for one in paid["orders"]:
        chain.must(await chain.post("sales", f"/orders/{one['order_id']}/ship"))
    cancelled = f"/sourcing/requests/{whole['request_id']}/cancel"
    chain.must(await chain.post("sales", cancelled))
    await chain.drain()
    left = {name: (await chain.stock(sites[name], item)) for name in PLACES}
    assert {name: (one["on_hand"], one["allocated"]) for name, one in left.items()} == {
        "here": ("0", "0"),
        "near": ("3", "0"),
        "far": ("0", "0"),
    }
    for site_id in sites.values():
        await chain.assert_books_agree(site_id)


async def decided(chain: Any, customer: str, count: int) -> list[Any]:
    """Return the requests of a customer, with their orders, once each is held or refused."""
    ends: list[Any] = []

    async def settled() -> bool:
        page = chain.must(await chain.get("sales", "/sourcing/requests", customer_id=customer))
        ends[:] = page["items"]
        return all(one["status"] in ("held", "refused") for one in ends)

    await chain.eventually(settled, "all requests to be decided")
    assert len(ends) == count
    await chain.drain()
    pages = [await chain.get("sales", f"/sourcing/requests/{one['request_id']}") for one in ends]
    return [chain.must(page) for page in pages]


async def held_by(chain: Any, request: Any) -> Counter[str]:
    """Return how much is held at each site for a request, whose other orders hold nothing."""
    held = Counter[str]()
    for order in request["orders"]:
        counts = request["status"] == "held" and order["attempt"] == request["attempt"]
        assert (order["status"] == "reserved") is counts, order
        if counts:
            page = chain.must(await chain.get("sales", f"/orders/{order['order_id']}"))
            held[order["source_site_id"]] += int(Decimal(page["lines"][0]["quantity"]))
    return held


async def test_kill_9_in_mid_request_leaves_nothing_held_that_belongs_to_no_order(
    chain: Any,
) -> None:
    """B2, B8: requests compete for what three sites have while sales dies; each ends whole."""
    sites, (item,) = await three_sites(chain), await chain.make_items(1)
    customer = await chain.make_customer()
    for site_id in sites.values():
        await chain.stock_up(site_id, {item: ("10", "1")})
    await chain.drain()

    async def client(number: int) -> None:
        body = wish(chain, customer, sites["here"], item, "7", "split")
        await chain.insist("sales", "/sourcing/requests", body, f"{chain.tag}-{number}")

    async def accidents() -> None:
        for _ in range(2):
            await asyncio.to_thread(chain.stack.wait_ready, 120)
            await asyncio.sleep(0.2)
            await asyncio.to_thread(chain.stack.kill, "sales.api", signal.SIGKILL)

    await asyncio.gather(accidents(), *(client(number) for number in range(8)))
    await asyncio.to_thread(chain.stack.wait_ready, 120)
    ends, held = await decided(chain, customer, 8), Counter[str]()
    for one in ends:
        held += await held_by(chain, one)
    for site_id in sites.values():
        assert (await chain.stock(site_id, item))["allocated"] == str(held[site_id])
        await chain.assert_books_agree(site_id)
    assert sum(held.values()) == 7 * sum(one["status"] == "held" for one in ends) > 0


async def test_a_refusal_names_what_could_be_had_instead_and_an_order_says_what_for(
    chain: Any,
) -> None:
    """B3: with quantities from the committed books; nothing is substituted silently."""
    site_id, (tea, oolong) = await chain.make_site(), await chain.make_items(2)
    customer = await chain.make_customer()
    await chain.stock_up(site_id, {oolong: ("8", "1")})
    said = {"substitute_id": oolong, "numerator": 2, "valid_from": "2026-01-01"}
    chain.must(await chain.post("inventory", f"/items/{tea}/substitutes", said))
    await chain.drain()
    body = chain.order_body(customer, site_id, {tea: ("3", "9.00")})
    refused = (await chain.post("sales", "/orders", body)).json()
    (offer,) = refused["substitutes"]
    assert (offer["substitute_id"], offer["quantity"], offer["available"]) == (oolong, "6", "8")
    line = {**body["lines"][0], "item_id": oolong, "quantity": offer["quantity"]}
    lines = [{**line, "substitute_for": tea}]
    placed = await chain.post("sales", "/orders", {**body, "lines": lines}, str(uuid4()))
    order = chain.must(await chain.get("sales", f"/orders/{chain.must(placed)['order_id']}"))
    assert order["lines"][0]["substitute_for"] == tea


async def taken_at_once(chain: Any, paths: list[str]) -> list[Any]:
    """Take requests on credit at once, with sales dying in between; return the answers."""

    async def accident() -> None:
        await asyncio.sleep(0.05)
        await asyncio.to_thread(chain.stack.kill, "sales.api", signal.SIGKILL)
        await asyncio.to_thread(chain.stack.wait_ready, 120)

    *answers, _ = await asyncio.gather(
        *(chain.insist("sales", f"{path}/credit", None, f"{chain.tag}-{path}") for path in paths),
        accident(),
    )
    return answers


async def kept_and_left(chain: Any, paths: list[str]) -> list[Any]:
    """Return of two requests the one that is kept for good, once one is, and the other."""
    ends: list[Any] = []

    async def taken() -> bool:
        ends[:] = [chain.must(await chain.get("sales", path)) for path in paths]
        return sorted(one["status"] for one in ends) == ["held", "paid"]

    await chain.eventually(taken, "one request to be kept for good")
    return sorted(ends, key=lambda one: str(one["status"]), reverse=True)


async def test_a_request_is_taken_on_credit_as_a_whole_or_not_at_all(chain: Any) -> None:
    """B2: two at once don't both slip under the limit, though sales dies in between."""
    sites, (item,) = await three_sites(chain), await chain.make_items(1)
    customer = await chain.make_customer()
    terms = {"credit_limit": "15", "terms_days": 30}
    chain.must(await chain.insist("sales", f"/customers/{customer}/credit-terms", terms))
    for name in ("here", "near"):
        await chain.stock_up(sites[name], {item: ("6", "1")})
    await chain.drain()
    paths = []
    for much in ("7", "5"):
        body = wish(chain, customer, sites["here"], item, much, "split")
        made = chain.must(await chain.post("sales", "/sourcing/requests", body))
        paths.append(f"/sourcing/requests/{made['request_id']}")
    answers = await taken_at_once(chain, paths)
    refused = [one.json() for one in answers if one.status_code == 409]
    figures = [(one["code"], one["limit"], one["owed"], one["over"]) for one in refused]
    assert figures == [("credit_limit_exceeded", "15.00", "10.00", "5.00")]
    kept, other = await kept_and_left(chain, paths)
    assert (kept["on_credit"], other["on_credit"]) == (True, False)
    assert {one["status"] for one in kept["orders"]} == {"paid"}
    listed = chain.must(await chain.get("sales", "/reports/receivables", customer_id=customer))
    owed = {one["number"]: Decimal(one["open"]) for one in listed["items"]}
    assert owed == {one["number"]: Decimal(one["total"]) for one in kept["orders"]}
    assert sum(owed.values()) == 10
    path = f"/sourcing/requests/{kept['request_id']}/cancel"
    chain.must(await chain.insist("sales", path))
    await chain.drain()
    account = chain.must(await chain.get("sales", f"/customers/{customer}/account"))
    assert (account["owed"], account["balance"]) == ("0", "0")
    for site_id in sites.values():
        await chain.assert_books_agree(site_id)
