"""What the platform promises beyond plain goods, and what it says when it can't."""

import asyncio
import signal
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import uuid4

CLIENTS = 24
ROUNDS = 12


def wish(site_id: str, item_id: str, quantity: str, unit: str = "EA") -> dict[str, Any]:
    return {
        "site_id": site_id,
        "warehouse_id": "floor",
        "order_id": str(uuid4()),
        "lines": [{"item_id": item_id, "quantity": quantity, "unit": unit}],
    }


async def test_a_kit_is_sold_as_one_and_leaves_as_its_components(chain: Any) -> None:
    """B4, B6: from the order to the books; one short component reserves nothing."""
    site_id, (tea, cup, box) = await chain.make_site(), await chain.make_items(3)
    components = [{"item_id": tea, "quantity": "3"}, {"item_id": cup, "quantity": "1"}]
    await chain.insist("inventory", f"/items/{box}/kit", {"components": components})
    await chain.insist("inventory", f"/items/{tea}/units", {"unit": "case", "numerator": 10})
    await chain.stock_up(site_id, {tea: ("30", "1"), cup: ("2", "2")})
    customer = await chain.make_customer()
    body = chain.order_body(customer, site_id, {box: ("2", "50.00")})
    assert await chain.sell(body, f"{chain.tag}-kit") == "shipped"
    await chain.drain()
    left = [(await chain.stock(site_id, item))["on_hand"] for item in (tea, cup)]
    assert left == ["24", "0"]
    refused = (await chain.post("inventory", "/reservations", wish(site_id, box, "1"))).json()
    assert [one["item_id"] for one in refused["shortages"]] == [cup]
    assert (await chain.stock(site_id, tea))["allocated"] == "0"
    held = await chain.post("inventory", "/reservations", wish(site_id, tea, "2", "case"))
    (line,) = held.json()["lines"]
    assert (line["quantity"], line["unit"], line["unit_version"]) == ("20", "case", 1)
    await chain.assert_books_agree(site_id)


async def test_why_goods_can_not_be_shipped_is_answered_before_anybody_tries(chain: Any) -> None:
    """B3: the same that the refusal says, also where there is enough."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("5", "1")})
    await chain.post("inventory", "/reservations", wish(site_id, item, "2"))
    refused = (await chain.post("inventory", "/reservations", wish(site_id, item, "4"))).json()
    asked = {"site_id": site_id, "warehouse_id": "floor", "item_id": item}
    page = "/reservations/explanations"
    told = (await chain.get("inventory", page, quantity="4", **asked)).json()
    assert (told["can_ship"], told["lines"]) == (False, refused["shortages"])
    told = (await chain.get("inventory", page, quantity="3", **asked)).json()
    assert (told["can_ship"], told["lines"][0]["available"]) == (True, "3")
    site = {"site_id": site_id, "item_id": item, "quantity": "4"}
    told = (await chain.get("inventory", page, **site)).json()
    doors = {one["warehouse_id"]: one["lines"] for one in told["warehouses"]}
    assert (told["can_ship"], doors["floor"]) == (False, refused["shortages"])


async def test_a_refusal_says_what_is_on_its_way_to_the_site_and_when_it_is_expected(
    chain: Any,
) -> None:
    """B3: what another site has sent, until it has arrived."""
    depot, shop = await chain.make_site("depot"), await chain.make_site("shop")
    (item,) = await chain.make_items(1)
    await chain.stock_up(depot, {item: ("9", "1")})
    expected_at = "2099-12-24T08:00:00Z"
    body = {
        "kind": "transfer_dispatch",
        "site_id": depot,
        "warehouse_id": "floor",
        "to_site_id": shop,
        "to_warehouse_id": "floor",
        "expected_at": expected_at,
        "lines": [{"item_id": item, "quantity": "6", "unit": "EA"}],
    }
    sent = chain.must(await chain.post("inventory", "/documents", body))
    for step in ("audit", "post"):
        path = f"/documents/{sent['document_id']}/{step}"
        chain.must(await chain.post("inventory", path))
    refused = await chain.post("inventory", "/reservations", wish(shop, item, "4"))
    (short,) = refused.json()["shortages"]
    (coming,) = short["in_transit"]
    assert (coming["from_site_id"], coming["quantity"]) == (depot, "6")
    assert coming["expected_at"].startswith(expected_at[:-1])
    assert [one["available"] for one in short["other_sites"]] == ["3"]
    assert "await_arrival" in short["ways_out"]


async def test_kill_9_in_mid_load_leaves_each_order_held_once_or_not_at_all(chain: Any) -> None:
    """B2, B8: many clients on few items, the process dies twice, everybody repeats with the key."""
    site_id, items = await chain.make_site(), await chain.make_items(3)
    await chain.stock_up(site_id, dict.fromkeys(items, ("100", "1")))
    ends: Counter[int] = Counter()

    async def client(number: int) -> None:
        for turn in range(ROUNDS):
            body = wish(site_id, items[(number + turn) % 3], "1")
            key = f"{chain.tag}-{number}-{turn}"
            answer = await chain.insist("inventory", "/reservations", body, key)
            again = await chain.insist("inventory", "/reservations", body, key)
            assert again.text == answer.text
            ends[answer.status_code] += 1

    async def accidents() -> None:
        for _ in range(2):
            await asyncio.to_thread(chain.stack.wait_ready, 120)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(chain.stack.kill, "inventory.api", signal.SIGKILL)

    await asyncio.gather(accidents(), *(client(number) for number in range(CLIENTS)))
    assert ends == {201: CLIENTS * ROUNDS}
    stocks = [await chain.stock(site_id, item) for item in items]
    assert sum(Decimal(one["allocated"]) for one in stocks) == CLIENTS * ROUNDS
    await chain.assert_books_agree(site_id)
