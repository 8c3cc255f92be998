"""Scanning at the door and arrival rules, on the running platform."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from servicekit.clock import now

GS = "\x1d"
Json = dict[str, Any]


class Door:
    """A user with a registered device at the doors of a site."""

    def __init__(self, chain: Any, site_id: str) -> None:
        self.chain = chain
        self.site_id = site_id
        self.device = f"gun-{uuid4().hex[:8]}"

    async def post(self, path: str, body: Any = None, device: str | None = None) -> Any:
        url = self.chain.stack.info.service_urls["inventory"]
        headers = {
            "Authorization": f"Bearer {self.chain._token}",
            "Idempotency-Key": str(uuid4()),
            "X-Device-Id": device or self.device,
        }
        return await self.chain.http.post(url + path, json=body, headers=headers)

    async def must(self, path: str, body: Any = None) -> Any:
        return self.chain.must(await self.post(path, body))

    async def set_up(self, *warehouses: str) -> None:
        """Register the device and a scale, and let the user work in the warehouses."""
        site = f"/sites/{self.site_id}"
        for device_id, kind in ((self.device, "scanner"), (f"{self.device}-scale", "scale")):
            body = {"device_id": device_id, "name": device_id, "kind": kind}
            await self.must(f"{site}/devices", body)
        for warehouse in warehouses:
            await self.must(f"{site}/warehouses", {"warehouse_id": warehouse, "name": warehouse})
            await self.must(f"{site}/warehouses/{warehouse}/workers", {"user_id": "tester"})

    async def open(self, **chosen: str) -> str:
        opened = await self.must("/scan-sessions", {"site_id": self.site_id, **chosen})
        return f"/scan-sessions/{opened['session_id']}"

    async def scan(self, place: str, *scans: Json) -> list[Json]:
        return list((await self.must(f"{place}/scans", {"scans": scans}))["scans"])


def scanned(code: str, minutes_ago: int = 0, **more: Any) -> Json:
    at = now() - timedelta(minutes=minutes_ago)
    return {"scan_id": str(uuid4()), "code": code, "scanned_at": at.isoformat(), **more}


@pytest.fixture
async def door(chain: Any) -> Door:
    door = Door(chain, await chain.make_site())
    await door.set_up("floor", "cold")
    return door


async def test_scanning_is_bound_to_the_warehouse_that_was_chosen(chain: Any, door: Door) -> None:
    """A6: by choice or by the door's code; nothing defaults; other warehouses' documents don't."""
    (item,) = await chain.make_items(1)
    await chain.stock_up(door.site_id, {item: ("5", "1")})
    undecided = await door.post("/scan-sessions", {"site_id": door.site_id})
    assert (undecided.json()["code"], undecided.json()["warehouses"]) == (
        "warehouse_not_chosen",
        "cold, floor",
    )
    nowhere = await door.post(f"/scan-sessions/{uuid4()}/scans", {"scans": [scanned(item)]})
    assert nowhere.json()["code"] == "unknown_scan_session"
    line = {"item_id": item, "quantity": "2", "unit": "EA"}
    issue = await door.must(
        "/documents",
        {"kind": "issue", "site_id": door.site_id, "warehouse_id": "floor", "lines": [line]},
    )
    changed = await door.must(f"/sites/{door.site_id}/warehouses/cold/entry-code/change")
    cold = await door.open(entry_code=changed["entry_code"])
    issue_code = f"urn:trueshelf:document:{issue['document_id']}"
    (refused,) = await door.scan(cold, scanned(issue_code))
    assert refused["refusal"]["code"] == "wrong_warehouse"
    assert refused["refusal"]["facts"]["session_warehouse_id"] == "cold"
    assert refused["refusal"]["facts"]["document_warehouse_id"] == "floor"
    path = f"/sites/{door.site_id}/wrong-warehouse-scans"
    kept = chain.must(await chain.get("inventory", path, settled="false"))["items"]
    assert [one["scan_id"] for one in kept] == [refused["scan_id"]]
    floor = await door.open(warehouse_id="floor")
    await door.scan(
        floor,
        scanned(f"urn:trueshelf:document:{issue['document_id']}"),
        scanned(item, quantity="2"),
    )
    posted = await door.must(f"{floor}/finish", {"post": True})
    assert (posted["status"], posted["posted_with"]) == ("posted", door.device)
    assert (await chain.stock(door.site_id, item))["on_hand"] == "3"
    await chain.assert_books_agree(door.site_id)


async def test_suppliers_goods_are_scanned_in_only_in_a_session_for_their_warehouse(
    chain: Any, door: Door
) -> None:
    """A6: purchasing refuses a scan without one, and a document of another warehouse."""
    (item,), supplier_id = await chain.make_items(1), await chain.make_supplier()
    order = await chain.order(door.site_id, {item: ("5", "2")}, supplier_id)
    code = f"urn:trueshelf:purchase-order:{order['order_id']}"
    path = "/receipts/openings"
    without = await chain.post("purchasing", path, {"code": code}, device=door.device)
    assert (without.status_code, without.json()["code"]) == (404, "no_scan_session")

    async def opened(warehouse: str) -> tuple[str, str]:
        place = await door.open(warehouse_id=warehouse)
        return place.rpartition("/")[2], door.device

    cold = await opened("cold")
    wrong = (await chain.scan_in(code, cold)).json()
    assert (wrong["code"], wrong["document_warehouse_id"]) == ("wrong_warehouse", "floor")
    none = (await chain.scan_in(f"urn:trueshelf:supplier:{supplier_id}", cold)).json()
    assert none["code"] == "expected_in_other_warehouse"
    assert (none["orders"], none["elsewhere"]) == (1, "floor")
    floor = await opened("floor")
    scan = chain.must(await chain.scan_in(code, floor))
    assert (scan["session_id"], scan["warehouse_id"]) == (floor[0], "floor")

    async def ended() -> bool:
        return bool((await chain.scan_in(code, cold)).json()["code"] == "scan_session_ended")

    await chain.eventually(ended, "purchasing to know that the session was replaced")
    counted = {"lines": [{"order_line_no": 1, "quantity": "5"}], "post": True}
    body = {"order_id": order["order_id"], "opening_id": scan["opening_id"], **counted}
    receipt = chain.must(await chain.post("purchasing", "/receipts", body))
    assert (receipt["status"], receipt["session_id"]) == ("posting", floor[0])


async def test_scans_sent_late_and_twice_count_once_and_keep_their_time(
    chain: Any, door: Door
) -> None:
    """A6, B8: a device without a connection loses nothing and counts nothing twice."""
    (item,) = await chain.make_items(1)
    place = await door.open(warehouse_id="floor")
    await door.must(f"{place}/works", {"kind": "receipt"})
    first, bad = scanned(item, quantity="3"), scanned("no-such-code")
    await door.must(f"{place}/close")
    early = scanned(item, minutes_ago=60)
    results = await door.scan(place, first, bad, early, first)
    codes = [one["refusal"] and one["refusal"]["code"] for one in results]
    assert codes == [None, "unknown_code", "scanned_without_session", None]
    after = await door.open(warehouse_id="floor")
    await door.must(f"{after}/take-over", {"session_id": place.rpartition("/")[2]})
    document = await door.must(f"{after}/finish", {"post": True})
    assert document["effective_at"][:19] == first["scanned_at"][:19]
    assert (await chain.stock(door.site_id, item))["on_hand"] == "3"
    await chain.assert_books_agree(door.site_id)


async def weighed_and_numbered(chain: Any, door: Door) -> tuple[str, str, str]:
    """Return an item sold by weight, and one with serial numbers and its EAN-13 code."""
    fish, phone = f"fish-{chain.tag}", f"phone-{chain.tag}"
    items = [
        {"item_id": fish, "name": "Fish", "base_unit": "kg", "scale": 3},
        {"item_id": phone, "name": "Phone", "base_unit": "EA", "scale": 0, "tracking": "serial"},
    ]
    assert chain.must(await chain.post("inventory", "/items/import", {"items": items}))
    digits = f"69{uuid4().int % 10**10:010}"
    check = -sum(int(d) * (3 - 2 * (n % 2)) for n, d in enumerate(reversed(digits))) % 10
    ean = f"{digits}{check}"
    await door.must("/barcodes", {"barcodes": [{"code": ean, "item_id": phone, "unit": "EA"}]})
    return fish, phone, ean


async def test_weights_and_trace_codes_are_kept_with_device_and_time(
    chain: Any, door: Door
) -> None:
    """H4: a scale's net weight becomes the quantity, a label's serial number the unit."""
    fish, phone, ean = await weighed_and_numbered(chain, door)
    place = await door.open(warehouse_id="cold")
    await door.must(f"{place}/works", {"kind": "receipt"})
    weight = {
        "scale_id": f"{door.device}-scale",
        "gross": "2250",
        "tare": "250",
        "net": "2000",
        "unit": "g",
        "weighed_at": now().isoformat(),
    }
    results = await door.scan(
        place,
        scanned(fish, weight=weight),
        scanned(fish, weight={**weight, "scale_id": door.device}),
        scanned(f"]C1010{ean}21SN-1{GS}37"),
        scanned(f"]C1010{ean}21SN-1"),
    )
    codes = [one["refusal"] and one["refusal"]["code"] for one in results]
    assert codes == [None, "not_a_scale", "malformed_code", None]
    document = await door.must(f"{place}/finish", {"post": True})
    moved = {one["item_id"]: one for one in document["lines"]}
    assert (moved[fish]["quantity"], moved[fish]["unit"]) == ("2", "kg")
    assert moved[phone]["serials"] == ["SN-1"]
    path = f"/documents/{document['document_id']}/scans"
    kept = {
        one["goods"]["item_id"]: one
        for one in chain.must(await chain.get("inventory", path))["items"]
    }
    assert kept[fish]["weight"]["scale_id"] == f"{door.device}-scale"
    assert kept[fish]["weight"]["weighed_at"][:19] == weight["weighed_at"][:19]
    assert "SN-1" in kept[phone]["code"]


async def test_arriving_goods_go_where_the_rule_says_and_the_ledger_names_it(
    chain: Any, door: Door
) -> None:
    """A7: by category; a dry run says so beforehand, and why the rule before does not decide."""
    milk, tea = f"milk-{chain.tag}", (await chain.make_items(1))[0]
    described = {"item_id": milk, "name": "Milk", "base_unit": "EA", "scale": 0, "category": "cold"}
    chain.must(await chain.post("inventory", "/items/import", {"items": [described]}))

    async def known() -> bool:
        return bool((await chain.get("purchasing", f"/reference/items/{milk}")).is_success)

    await chain.eventually(known, "purchasing to know the item")
    rules = f"/sites/{door.site_id}/arrival-rules"
    for rule_id, terms in (("fresh", {"days_left_below": 3}), ("cold", {"category": "cold"})):
        body = {
            "rule_id": rule_id,
            "priority": 1 if rule_id == "fresh" else 2,
            "warehouse_id": "cold",
            "terms": terms,
        }
        await door.must(rules, body)
    asked = {"supplier_id": "any", "warehouse_id": "floor", "lines": [{"item_id": milk}]}
    (line,) = (await door.must(f"{rules}/dry-run", asked))["lines"]
    assert (line["warehouse_id"], line["rule"]) == ("cold", "arrival:cold@1")
    assert [one["rule"] for one in line["passed_over"]] == ["arrival:fresh@1"]
    receipt = await chain.stock_up(door.site_id, {milk: ("4", "1"), tea: ("6", "1")})
    assert receipt["warehouse_id"] == "floor"
    assert [(one["arrived_in"], one["arrival_rule"]) for one in receipt["lines"]] == [
        ("cold", "arrival:cold@1"),
        ("floor", None),
    ]
    assert (await chain.stock(door.site_id, milk))["warehouse_id"] == "cold"
    assert (await chain.stock(door.site_id, tea))["warehouse_id"] == "floor"
    ledger = await chain.get("inventory", "/ledger", site_id=door.site_id, item_id=milk)
    assert [one["rule"] for one in ledger.json()["items"]] == ["arrival:cold@1"]
    await chain.assert_books_agree(door.site_id)


async def test_rules_of_shelf_life_and_of_supplier_decide_and_are_kept_on_the_lines(
    chain: Any, door: Door
) -> None:
    """A7: the first that fits, on receipt, order and ledger alike; a dry run had said the same."""
    near, far = await chain.make_items(2, tracking="batch")
    farm, other = await chain.make_supplier(), await chain.make_supplier()
    await door.must(f"/sites/{door.site_id}/warehouses", {"warehouse_id": "front", "name": "F"})
    rules = f"/sites/{door.site_id}/arrival-rules"
    for priority, rule_id, warehouse, terms in (
        (1, "short", "front", {"days_left_below": 7}),
        (2, "farm", "cold", {"supplier_id": farm}),
    ):
        body = {"rule_id": rule_id, "priority": priority, "warehouse_id": warehouse}
        await door.must(rules, {**body, "terms": terms})
    today = (now() + timedelta(hours=8)).date()  # Asia/Shanghai
    expiries = {item: str(today + timedelta(days=days)) for item, days in ((near, 6), (far, 7))}
    short, by_farm, ordered = ("front", "arrival:short@1"), ("cold", "arrival:farm@1"), "floor"
    for supplier, decided in ((farm, [short, by_farm]), (other, [short, (ordered, None)])):
        lines = [{"item_id": item, "expires_on": day} for item, day in expiries.items()]
        asked = {"supplier_id": supplier, "warehouse_id": ordered, "lines": lines}
        dry = (await door.must(f"{rules}/dry-run", asked))["lines"]
        assert [(one["warehouse_id"], one["rule"]) for one in dry] == decided
        named = {
            item: {"batch_id": f"of-{day}", "expires_on": day} for item, day in expiries.items()
        }
        goods = dict.fromkeys(expiries, ("4", "1"))
        receipt = await chain.stock_up(door.site_id, goods, supplier_id=supplier, named=named)
        arrived = [(one["arrived_in"], one["arrival_rule"]) for one in receipt["lines"]]
        assert arrived == decided
        for item, (warehouse, rule) in zip(expiries, decided, strict=True):
            ledger = await chain.get("inventory", "/ledger", site_id=door.site_id, item_id=item)
            last = chain.must(ledger)["items"][-1]
            assert (last["warehouse_id"], last["rule"]) == (warehouse, rule)
    await chain.assert_books_agree(door.site_id)
