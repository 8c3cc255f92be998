"""What buyers agree with suppliers, and what two clerks do at once (C1, C6)."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from servicekit.clock import now

Json = dict[str, Any]
TODAY = (now() + timedelta(hours=8)).date()
"""At the sites."""


class Buyers:
    """A supplier, a site and an item of a chain, with people of its own."""

    def __init__(self, chain: Any, site_id: str, supplier_id: str, item_id: str) -> None:
        self.chain = chain
        self.site_id = site_id
        self.supplier_id = supplier_id
        self.item_id = item_id

    def token(self, subject: str, *roles: str) -> str:
        """Return the token of one person."""
        return str(self.chain.stack.token(subject, list(roles), ["*"], 1))

    def line(self, quantity: str, cost: str | None = "2", **more: Any) -> Json:
        price = {} if cost is None else {"unit_cost": cost}
        return {"item_id": self.item_id, "quantity": quantity, "unit": "EA", **price, **more}

    async def send(self, path: str, body: Any = None, token: str | None = None) -> Any:
        return await self.chain.post("purchasing", path, body, token=token)

    async def read(self, path: str, **asked: Any) -> Any:
        return self.chain.must(await self.chain.get("purchasing", path, **asked))

    async def order(self, *lines: Json, token: str | None = None, **more: Any) -> Any:
        body = {
            "supplier_id": self.supplier_id,
            "site_id": self.site_id,
            "warehouse_id": "floor",
            "currency": "USD",
            "due_date": str(TODAY + timedelta(days=30)),
            "lines": list(lines),
            **more,
        }
        return await self.send("/orders", body, token)

    async def placed(self, *lines: Json, **more: Any) -> Json:
        return dict(self.chain.must(await self.order(*lines, **more)))

    async def drafted(self, order: Json, quantity: str, token: str | None = None) -> str:
        """Count goods of an order's first line; return the path of the receipt."""
        counted = [{"order_line_no": 1, "quantity": quantity}]
        body = {"order_id": order["order_id"], "lines": counted}
        receipt = self.chain.must(await self.send("/receipts", body, token))
        return f"/receipts/{receipt['receipt_id']}"


@pytest.fixture
async def buyers(chain: Any) -> Buyers:
    """Return buyers that know a site, a supplier and an item."""
    site_id, (item_id,) = await chain.make_site(), await chain.make_items(1)
    return Buyers(chain, site_id, await chain.make_supplier(), item_id)


async def test_of_two_clerks_who_post_a_receipt_at_once_one_wins_and_the_other_is_told(
    buyers: Buyers,
) -> None:
    """C1: and the goods are booked once."""
    order = await buyers.placed(buyers.line("10"))
    path = await buyers.drafted(order, "10")
    clerks = [buyers.token(f"{name}-{uuid4().hex[:6]}", "clerk") for name in ("anna", "bo")]
    answers = await asyncio.gather(
        *(buyers.send(f"{path}/finish", None, token) for token in clerks)
    )
    won, told = sorted(answers, key=lambda one: int(one.status_code))
    assert (won.status_code, told.status_code) == (200, 409), told.text
    assert told.json()["code"] == "receipt_already_posted"
    assert won.json()["posted_by"] in told.json()["detail"]

    async def booked() -> bool:
        return bool((await buyers.read(path))["status"] == "posted")

    await buyers.chain.eventually(booked, "the receipt to be booked")
    stock = await buyers.chain.stock(buyers.site_id, buyers.item_id)
    assert stock["on_hand"] == "10"


async def test_an_order_beyond_a_buyers_limit_waits_for_another_who_may_decide(
    buyers: Buyers,
) -> None:
    """C1: by amount, never by whoever wrote it."""
    limits = [{"role": "buyer", "currency": "USD", "amount": "100"}]
    limits.append({"role": "finance", "currency": "USD", "amount": None})
    author, chief = buyers.token("li", "buyer"), buyers.token("fei", "finance", "buyer")
    try:
        for one in limits:
            buyers.chain.must(await buyers.send("/approval-limits", one))
        small = buyers.chain.must(await buyers.order(buyers.line("50"), token=author))
        assert small["status"] == "placed"
        large = buyers.chain.must(await buyers.order(buyers.line("51"), token=author))
        path = f"/orders/{large['order_id']}"
        assert large["status"] == "submitted"
        refused = await buyers.send(f"{path}/approve", None, buyers.token("bo", "buyer"))
        assert refused.json()["code"] == "over_approval_limit"
        approved = buyers.chain.must(await buyers.send(f"{path}/approve", None, chief))
        assert approved["approved_by"] == "fei"
        assert buyers.chain.must(await buyers.send(f"{path}/place"))["status"] == "placed"
    finally:
        for one in limits:
            place = {name: one[name] for name in ("role", "currency")}
            buyers.chain.must(await buyers.send("/approval-limits/remove", place))


async def test_a_change_keeps_who_when_and_why_and_never_falls_below_what_came(
    buyers: Buyers,
) -> None:
    """C1."""
    order = await buyers.placed(buyers.line("10"))
    path = await buyers.drafted(order, "4")
    buyers.chain.must(await buyers.send(f"{path}/finish"))
    place = f"/orders/{order['order_id']}"
    below = {"reason": "too many", "lines": [{"line_no": 1, "quantity": "3"}]}
    refused = await buyers.send(f"{place}/change", below)
    assert refused.json()["code"] == "below_received", refused.text
    wanted = {"line_no": 1, "quantity": "6", "unit_cost": "2.5"}
    body = {"reason": "dearer", "due_date": str(TODAY + timedelta(days=40)), "lines": [wanted]}
    buyers.chain.must(await buyers.send(f"{place}/change", body, buyers.token("li", "buyer")))
    changes = (await buyers.read(f"{place}/changes"))["items"]
    said = {
        one["field"]: (one["was"], one["became"], one["changed_by"])
        for one in changes
        if one["reason"] == "dearer"
    }
    assert said == {
        "quantity": ("10", "6", "li"),
        "unit_cost": ("2", "2.5", "li"),
        "due_date": (order["due_date"], body["due_date"], "li"),
    }


async def test_a_price_is_taken_until_its_last_day_and_not_after(buyers: Buyers) -> None:
    """C1: an order without a price is refused by name where none is agreed for the day."""
    place = f"/suppliers/{buyers.supplier_id}/prices"

    async def agreed(since: date, until: date | None, cost: str) -> None:
        goods = {"item_id": buyers.item_id, "unit": "EA", "currency": "USD"}
        days = {"valid_from": str(since), "valid_to": None if until is None else str(until)}
        body = {**goods, **days, "breaks": [{"unit_cost": cost}]}
        buyers.chain.must(await buyers.send(place, body))

    yesterday = TODAY - timedelta(days=1)
    await agreed(TODAY - timedelta(days=90), yesterday, "3")
    refused = await buyers.order(buyers.line("1", None))
    assert (refused.status_code, refused.json()["code"]) == (422, "no_price_agreed")
    goods = {"item_id": buyers.item_id, "unit": "EA", "currency": "USD", "quantity": "1"}
    price = await buyers.read(f"{place.removesuffix('s')}", on=yesterday, **goods)
    assert price["unit_cost"] == "3"
    await agreed(TODAY, TODAY + timedelta(days=2), "4")
    line = (await buyers.placed(buyers.line("1", None)))["lines"][0]
    assert (line["unit_cost"], line["price_source"]) == ("4", "list")


async def test_a_line_that_is_planned_in_parts_is_late_by_what_was_due_alone(
    buyers: Buyers,
) -> None:
    """C1, C5: and receiving that part lifts the suspension, with the rest still to come."""
    parts = [
        {"due_date": str(TODAY + timedelta(days=days)), "quantity": quantity}
        for days, quantity in ((-3, "4"), (30, "6"))
    ]
    uneven = await buyers.order(buyers.line("11", deliveries=parts))
    assert uneven.json()["code"] == "deliveries_uneven"
    order = await buyers.placed(buyers.line("10", deliveries=parts))
    place = f"/suppliers/{buyers.supplier_id}/suspension"

    async def suspended() -> bool:
        return bool((await buyers.read(place))["lines"] == [f"{order['number']}/1"])

    await buyers.chain.eventually(suspended, "the first part to be overdue")
    buyers.chain.must(await buyers.send(f"{await buyers.drafted(order, '4')}/finish"))
    assert not (await buyers.read(place))["suspended"]
    line = (await buyers.read(f"/orders/{order['order_id']}"))["lines"][0]
    assert (line["open"], line["deliveries"]) == ("6", parts)


async def test_figures_tell_the_clerks_apart(buyers: Buyers) -> None:
    """C6: by who counted, among them one who scanned and has posted nothing."""
    order = await buyers.placed(buyers.line("10"))
    names = [f"{name}-{uuid4().hex[:6]}" for name in ("anna", "bo", "cy")]
    tokens = {name: buyers.token(name, "clerk") for name in names}
    for name in names[:2]:
        path = await buyers.drafted(order, "1", tokens[name])
        buyers.chain.must(await buyers.send(f"{path}/finish", None, tokens[names[0]]))
    code, name = f"urn:trueshelf:purchase-order:{order['order_id']}", names[2]
    session = await buyers.chain.scan_session(buyers.site_id, user=name, token=tokens[name])
    buyers.chain.must(await buyers.chain.scan_in(code, session, tokens[name]))
    asked = {"kind": "posting", "by": "clerk", "site_id": buyers.site_id}
    found = (await buyers.read("/clocks/figures", **asked))["items"]
    assert [(one["name"], one["stopped"], one["running"]) for one in found] == [
        (names[0], 1, 0),
        (names[1], 1, 0),
        (names[2], 0, 1),
    ]
    assert [one["share_within_target"] for one in found] == ["1.0000", "1.0000", None]
