"""By which channel an order comes in says how long its goods are held unpaid (B2)."""

import json
from typing import Any

from contracts.sales import SalesOrderPlaced


async def hold(shop: Any, channel: str, seconds: int, role: str = "master_data") -> Any:
    return await shop.send(f"/channels/{channel}/time-to-live", {"seconds": seconds}, role)


def asked_for(shop: Any) -> list[int]:
    """Return for how long inventory was asked to hold goods, order by order."""
    return [
        json.loads(body)["ttl_seconds"]
        for path, _, body in shop.line.asked
        if path.endswith("/reservations")
    ]


async def test_goods_are_held_for_two_hours_unless_somebody_says_otherwise(shop: Any) -> None:
    await shop.reserved()
    assert (await hold(shop, "web", 900)).status_code == 200
    web = await shop.reserved(channel="web")
    await shop.reserved(channel="phone")
    assert asked_for(shop) == [7200, 900, 7200]
    assert (await shop.read(f"/orders/{web['order_id']}"))["channel"] == "web"
    listed = (await shop.read("/orders", channel="web"))["items"]
    assert [one["order_id"] for one in listed] == [web["order_id"]]
    told = [one for one in await shop.service.events() if isinstance(one, SalesOrderPlaced)]
    assert [one.channel for one in told] == ["shop", "web", "phone"]


async def test_what_is_said_counts_for_orders_from_then_on(shop: Any) -> None:
    await hold(shop, "web", 900)
    await shop.reserved(channel="web")
    await hold(shop, "web", 60)
    await shop.reserved(channel="web")
    assert asked_for(shop) == [900, 60]
    listed = {one["channel"]: one for one in (await shop.read("/channels"))["items"]}
    assert {name: one["seconds"] for name, one in listed.items()} == {
        "shop": 7200,
        "web": 60,
        "phone": 7200,
        "import": 7200,
    }
    assert (listed["web"]["set_by"] is None, listed["shop"]["set_by"]) == (False, None)


async def test_nobody_else_says_it_nor_for_tills_nor_for_longer_than_a_week(shop: Any) -> None:
    assert (await hold(shop, "web", 900, "clerk")).status_code == 403
    for channel, seconds in (("counter", 900), ("pigeon", 900), ("web", 0), ("web", 604_801)):
        answer = await hold(shop, channel, seconds)
        assert answer.status_code == 422, (channel, seconds)
    assert (await shop.order(channel="counter")).status_code == 422
