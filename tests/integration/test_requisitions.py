"""Shops ask for goods, somebody agrees, a buyer orders, and the goods come in by scan."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from servicekit.clock import now

PLACE = "purchasing"


def person(chain: Any, role: str, *sites: str) -> str:
    """Return the token of somebody with one role, at some sites or at all."""
    name = f"{role}-{uuid4().hex[:8]}"
    return str(chain.stack.token(name, [role], list(sites) or ["*"], 1))


async def ask(chain: Any, token: str, site_id: str, *lines: tuple[str, str]) -> Any:
    """Ask for so many of items, needed in three days."""
    needed = str((now() + timedelta(days=3)).date())
    goods = [
        {
            "item_id": item_id,
            "warehouse_id": "floor",
            "quantity": quantity,
            "unit": "EA",
            "needed_by": needed,
        }
        for item_id, quantity in lines
    ]
    body = {"site_id": site_id, "lines": goods}
    return await chain.post(PLACE, "/requisitions", body, token=token)


async def seen(chain: Any, asked: Any) -> Any:
    """Return a requisition as it is now."""
    return chain.must(await chain.get(PLACE, f"/requisitions/{asked['requisition_id']}"))


async def receive(chain: Any, order: Any, *lines: Any) -> None:
    """Scan the order's code, count what came and post it."""
    code = f"urn:trueshelf:purchase-order:{order['order_id']}"
    opened = chain.must(await chain.scan_in(code, await chain.scan_session(order["site_id"])))
    assert [one["order_id"] for one in opened["orders"]] == [order["order_id"]]
    body = {
        "order_id": order["order_id"],
        "opening_id": opened["opening_id"],
        "lines": list(lines),
        "post": True,
    }
    receipt = chain.must(await chain.post(PLACE, "/receipts", body))

    async def booked() -> bool:
        answer = await chain.get(PLACE, f"/receipts/{receipt['receipt_id']}")
        return bool(chain.must(answer)["status"] == "posted")

    await chain.eventually(booked, "the receipt to be booked")


class Wishes:
    """What two shops ask for: tea and rice here, tea there; all approved, and ordered in part."""

    def __init__(self, chain: Any) -> None:
        self.chain = chain
        self.buyer = person(chain, "buyer")

    async def make(self) -> None:
        chain = self.chain
        self.here, self.there = await chain.make_site(), await chain.make_site()
        self.tea, self.rice = await chain.make_items(2)
        self.near, self.far = await chain.make_supplier(), await chain.make_supplier()
        self.clerk = person(chain, "clerk", self.here)
        lines = (self.tea, "10"), (self.rice, "4")
        self.first = chain.must(await ask(chain, self.clerk, self.here, *lines))
        other = person(chain, "clerk", self.there)
        self.second = chain.must(await ask(chain, other, self.there, (self.tea, "6")))

    async def approve(self, asked: Any) -> None:
        boss = person(self.chain, "shop_manager", asked["site_id"])
        path = f"/requisitions/{asked['requisition_id']}/approve"
        self.chain.must(await self.chain.post(PLACE, path, token=boss))

    async def order(self, *lines: Any, key: str | None = None) -> Any:
        body = {"lines": list(lines)}
        answer = await self.chain.post(PLACE, "/requisitions/order", body, key, self.buyer)
        return self.chain.must(answer)

    async def orders(self) -> Any:
        """Order seven of the ten here, and all the rest that is asked for; twice with one key."""
        lines = (
            line(self.first, 1, self.near, quantity="7"),
            line(self.first, 2, self.far),
            line(self.second, 1, self.near),
        )
        key = str(uuid4())
        made = await self.order(*lines, key=key)
        assert made == await self.order(*lines, key=key)
        return {(one["site_id"], one["supplier_id"]): one for one in made["orders"]}


def line(asked: Any, line_no: int, supplier_id: str, **more: str) -> Any:
    """Return how a line is picked."""
    head = {"requisition_id": asked["requisition_id"], "line_no": line_no}
    return {**head, "supplier_id": supplier_id, "unit_cost": "2.5", **more}


async def told_of(chain: Any, asked: Any, count: int) -> list[str]:
    """Return the facts about a requisition once there are so many."""

    async def told() -> list[str] | None:
        path = {"topic": "purchasing.requisition.v1", "key": asked["requisition_id"]}
        events = chain.must(await chain.get(PLACE, "/events", **path))["items"]
        kinds = [one["type"].split("requisition_")[1].removesuffix(".v1") for one in events]
        return kinds if len(kinds) == count else None

    return list(await chain.eventually(told, "all facts to be sent"))


@pytest.fixture
async def wishes(chain: Any) -> Wishes:
    made = Wishes(chain)
    await made.make()
    return made


async def test_a_shop_asks_for_itself_and_somebody_else_agrees(chain: Any, wishes: Wishes) -> None:
    """C1: nobody asks for other sites or approves in the wrong role; nothing is ordered before."""
    elsewhere = await ask(chain, wishes.clerk, wishes.there, (wishes.tea, "6"))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "site_forbidden")
    approve = f"/requisitions/{wishes.first['requisition_id']}/approve"
    refused = await chain.post(PLACE, approve, token=wishes.clerk)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing")
    body = {"lines": [line(wishes.first, 1, wishes.near)]}
    early = await chain.post(PLACE, "/requisitions/order", body, token=wishes.buyer)
    assert (early.status_code, early.json()["code"]) == (409, "requisition_step_refused")


async def test_what_shops_ask_for_is_ordered_by_supplier_and_comes_in_by_scan(
    chain: Any, wishes: Wishes
) -> None:
    """C1, I3: in parts, from two suppliers for two shops; what falls through is open again."""
    for asked in (wishes.first, wishes.second):
        await wishes.approve(asked)
    orders = await wishes.orders()
    near, far = orders[wishes.here, wishes.near], orders[wishes.here, wishes.far]
    assert set(orders) == {
        (wishes.here, wishes.near),
        (wishes.here, wishes.far),
        (wishes.there, wishes.near),
    }
    (rest,) = (await wishes.order(line(wishes.first, 1, wishes.far)))["orders"]
    assert (await seen(chain, wishes.first))["status"] == "closed"

    await receive(chain, near, {"order_line_no": 1, "quantity": "7"})
    await receive(chain, far, {"order_line_no": 1, "quantity": "3"})
    assert (await chain.stock(wishes.here, wishes.tea))["on_hand"] == "7"
    for order, step in ((far, "close"), (rest, "cancel")):
        path = f"/orders/{order['order_id']}/{step}"
        chain.must(await chain.post(PLACE, path, {"reason": "no more to be had"}))
    now_open = await seen(chain, wishes.first)
    told = [(one["received"], one["ordered"], one["open"]) for one in now_open["lines"]]
    assert (now_open["status"], told) == ("ordering", [("7", "7", "3"), ("3", "3", "1")])
    asked = {"kind": "requisition", "site_id": wishes.here}
    waiting = chain.must(await chain.get(PLACE, "/reports/open-documents", **asked))["items"]
    assert [(one["number"], one["waits_for"]) for one in waiting] == [
        (wishes.first["number"], "ordering")
    ]
    assert await told_of(chain, wishes.first, 7) == [
        *("submitted", "approved", "ordered", "ordered", "closed"),
        *("reopened", "reopened"),
    ]
