"""What waits too long escalates level by level, and those who must know see it in the product."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

LEVELS = [
    (0, ["clerk", "shop_manager"]),
    (1, ["shop_manager", "buyer"]),
    (2, ["buyer", "finance"]),
]
MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)


class Person:
    """Somebody with one role at one site, who looks at what they must act upon."""

    def __init__(self, chain: Any, role: str, site_id: str) -> None:
        self.chain = chain
        self.url = chain.stack.info.service_urls["purchasing"]
        token = chain.stack.token(f"{role}-{uuid4().hex[:8]}", [role], [site_id], 1)
        self.headers = {"Authorization": f"Bearer {token}"}

    async def sees(self, **asked: Any) -> Any:
        answer = await self.chain.http.get(
            f"{self.url}/warnings", params=asked, headers=self.headers
        )
        return self.chain.must(answer)["items"]

    async def reads(self, warning_id: str) -> Any:
        headers = {**self.headers, "Idempotency-Key": str(uuid4())}
        answer = await self.chain.http.post(
            f"{self.url}/warnings/{warning_id}/read", headers=headers
        )
        return self.chain.must(answer)

    async def sees_level(self, level: int) -> Any:
        async def there() -> Any:
            found = await self.sees()
            return found[0] if found and found[0]["level"] == level else None

        return await self.chain.eventually(there, f"a warning on level {level}")


async def drafted(chain: Any, site_id: str, supplier_id: str) -> Any:
    """Return a receipt that was counted and is not posted."""
    (item_id,) = await chain.make_items(1)
    await chain.drain()
    line = {"item_id": item_id, "quantity": "5", "unit": "EA", "unit_cost": "2.5"}
    body = {
        "supplier_id": supplier_id,
        "site_id": site_id,
        "warehouse_id": "floor",
        "currency": "USD",
        "due_date": "2099-01-01",
        "lines": [line],
    }
    order = chain.must(await chain.post("purchasing", "/orders", body))
    counted = [{"order_line_no": 1, "quantity": "5"}]
    body = {"order_id": order["order_id"], "lines": counted}
    return chain.must(await chain.post("purchasing", "/receipts", body))


async def post(chain: Any, receipt: Any) -> None:
    for step in ("audit", "post"):
        path = f"/receipts/{receipt['receipt_id']}/{step}"
        chain.must(await chain.post("purchasing", path))


async def figure(chain: Any, kind: str, site_id: str) -> Any:
    asked = {"kind": kind, "by": "site", "site_id": site_id}
    page = chain.must(await chain.get("purchasing", "/clocks/figures", **asked))
    return page["items"][0]


async def test_a_receipt_not_posted_escalates_each_ten_minutes_to_people_who_see_it(
    chain: Any,
) -> None:
    """C6: ten minutes; one escalation for each level, and posting clears it by itself."""
    site_id, supplier_id = await chain.make_site(), await chain.make_supplier()
    receipt = await drafted(chain, site_id, supplier_id)
    people = {
        role: Person(chain, role, site_id) for role in ("clerk", "shop_manager", "buyer", "finance")
    }
    for minutes, level in ((10, 0), (20, 1), (30, 2)):
        for role in set(people) - {role for _, roles in LEVELS[: level + 1] for role in roles}:
            assert await people[role].sees() == []
        async with chain.elsewhen("worker", minutes * MINUTES):
            for role in LEVELS[level][1]:
                found = await people[role].sees_level(level)
                assert found["document_number"] == receipt["number"]
                assert found["cause"] == "posting_overdue"
    (seen,) = await people["clerk"].sees()
    assert [(one["level"], one["roles"]) for one in seen["levels"]] == LEVELS
    assert (await people["finance"].reads(seen["warning_id"]))["read_at"] is not None
    assert await people["finance"].sees(unread=True) == []
    assert len(await people["buyer"].sees(unread=True)) == 1
    await post(chain, receipt)
    assert await people["buyer"].sees() == []
    (cleared,) = await people["buyer"].sees(state="cleared")
    assert (cleared["warning_id"], cleared["level"]) == (seen["warning_id"], 2)
    assert (await figure(chain, "posting", site_id))["stopped"] == 1


async def test_a_supplier_that_does_not_answer_escalates_after_48_hours(chain: Any) -> None:
    """C6: 48 hours; nobody is warned before, and the supplier's word clears it by itself."""
    site_id, supplier_id = await chain.make_site(), await chain.make_supplier()
    subject = f"li-{uuid4().hex[:8]}"
    path = f"/suppliers/{supplier_id}/users"
    chain.must(await chain.post("purchasing", path, {"subject": subject}))
    receipt = await drafted(chain, site_id, supplier_id)
    await post(chain, receipt)
    buyer, finance = (Person(chain, role, site_id) for role in ("buyer", "finance"))
    assert await buyer.sees() == []
    async with chain.elsewhen("worker", 48 * HOURS):
        found = await buyer.sees_level(0)
    assert (found["cause"], found["document_number"]) == ("confirmation_overdue", receipt["number"])
    assert await finance.sees() == []
    async with chain.elsewhen("worker", 96 * HOURS):
        assert (await finance.sees_level(1))["warning_id"] == found["warning_id"]
    waiting = await figure(chain, "confirmation", site_id)
    assert (waiting["running"], waiting["stopped"]) == (1, 0)
    word = {"lines": [{"line_no": 1, "verdict": "confirmed"}]}
    token = chain.stack.token(subject, ["supplier"], [], 1)
    path = f"/portal/receipts/{receipt['receipt_id']}/answer"
    chain.must(await chain.post("purchasing", path, word, token=token))
    assert await buyer.sees() == []
    assert (await figure(chain, "confirmation", site_id))["stopped"] == 1


async def test_a_scan_that_nothing_comes_of_escalates_until_it_is_abandoned(chain: Any) -> None:
    """C6: and a receipt takes the clock of its scan over where it stands."""
    site_id, supplier_id = await chain.make_site(), await chain.make_supplier()
    first = await drafted(chain, site_id, supplier_id)
    await post(chain, first)
    order = chain.must(await chain.get("purchasing", f"/orders/{first['order_id']}"))
    clerk, buyer = (Person(chain, role, site_id) for role in ("clerk", "buyer"))
    again = {"reason": "more", "lines": [{"line_no": 1, "quantity": "9"}]}
    path = f"/orders/{order['order_id']}/change"
    chain.must(await chain.post("purchasing", path, again))
    code, session = (
        f"urn:trueshelf:purchase-order:{order['order_id']}",
        await chain.scan_session(site_id),
    )
    opened = chain.must(await chain.scan_in(code, session))
    async with chain.elsewhen("worker", 10 * MINUTES):
        found = await clerk.sees_level(0)
    assert (found["document_kind"], found["document_number"]) == (
        "receipt_opening",
        order["number"],
    )
    (running,) = chain.must(
        await chain.get("purchasing", "/clocks", kind="posting", site_id=site_id)
    )["items"]
    assert (running["document_id"], running["level"]) == (opened["opening_id"], 0)
    line = [{"order_line_no": 1, "quantity": "1"}]
    body = {"order_id": order["order_id"], "opening_id": opened["opening_id"], "lines": line}
    receipt = chain.must(await chain.post("purchasing", "/receipts", body))
    async with chain.elsewhen("worker", 20 * MINUTES):
        assert (await buyer.sees_level(1))["document_number"] == receipt["number"]
    await post(chain, receipt)
    assert await buyer.sees() == []
    mistake = chain.must(await chain.scan_in(code, session))
    path = f"/receipts/openings/{mistake['opening_id']}/abandon"
    chain.must(await chain.post("purchasing", path, {"reason": "scanned by mistake"}))
    told = await figure(chain, "posting", site_id)
    assert (told["stopped"], told["running"]) == (2, 0)
