"""A site's books held against its counts and values, with the steps that are not closed (A9)."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from contracts.purchasing import DraftedLine, ReceiptAudited, ReceiptCancelled, ReceiptDrafted
from devstack.testing import FreshDatabase
from inventory.main import SERVICE
from servicekit.clock import now
from servicekit.testing import running

PAGE = "/reports/differences"


async def lose(shop: Any, statement: str) -> None:
    """Change a balance past the books, as only somebody with the database can."""
    session = await asyncpg.connect(shop.database.dsn)
    try:
        await session.execute(statement)
    finally:
        await session.close()


async def rows(shop: Any, **asked: Any) -> dict[str, Any]:
    """Return the report by item."""
    page = await shop.get(PAGE, site_id="north", **asked)
    return {one["item_id"]: one for one in page["items"]}


async def test_books_that_agree_show_no_difference(shop: Any) -> None:
    await shop.receive(("tea", "5"), ("rice", "1.5"))
    await shop.receive(("tea", "2"), warehouse="back")
    found = await rows(shop)
    tea = found["tea"]
    assert [tea[name] for name in ("ledger", "balance", "sequence", "rate")] == ["7", "7", 2, "0"]
    assert (tea["differences"], tea["steps"], tea["counted"]) == ({}, [], None)
    assert found.keys() == {"tea", "rice"}


async def test_a_balance_the_ledger_does_not_explain_is_shown_with_its_rate(shop: Any) -> None:
    await shop.receive(("tea", "5"), ("rice", "1"))
    await lose(shop, "update stock_balance set on_hand = 4 where item_id = 'tea'")
    tea = (await rows(shop))["tea"]
    assert (tea["differences"], tea["rate"]) == ({"balance": "-1"}, "0.2")
    summary = await shop.get(f"{PAGE}/summary", site_id="north")
    assert [summary[name] for name in ("items", "differing", "rate", "first", "complete")] == [
        2,
        1,
        "0.5",
        ["tea"],
        True,
    ]
    assert summary["by_cause"] == {"balance": 1, "costing": 0, "count": 0}


async def test_each_step_that_is_not_closed_stands_beside_its_item(shop: Any, desk: Any) -> None:
    await shop.receive(("tea", "50"), ("oil", "9"))
    await desk.draft("issue", "tea", "1", reason="tasting")
    taken = {"source_status": "available"}
    adjusted = await desk.draft("adjustment", "tea", "2", source_document="slip 7", line=taken)
    await desk.step(adjusted, "audit")
    there = {"to_site_id": "south", "to_warehouse_id": "back"}
    await desk.post("transfer_dispatch", "tea", "4", **there)
    await desk.post("receipt", "tea", "3", line={"target_status": "in_inspection"})
    found = await rows(shop)
    steps = [(one["kind"], one["quantity"], one["waits_for"]) for one in found["tea"]["steps"]]
    assert steps == [
        ("issue", "1", "audit"),
        ("adjustment", "2", "approval"),
        ("transfer_dispatch", "4", "arrival"),
        ("in_inspection", "3", "inspection"),
    ]
    assert found["tea"]["steps_count"] == 4
    assert found["oil"]["steps"] == []


async def test_a_paid_order_waits_for_its_shipment_beside_its_items(shop: Any) -> None:
    """A9: what only is held may still be let go of, and is no step; what has left is none."""
    await shop.receive(("tea", "50"), ("oil", "9"))
    await shop.held(("tea", "5"))
    paid = await shop.held(("tea", "3"), ("tea", "4"), ("oil", "1.5"))
    assert (await shop.confirm(paid)).status_code == 200
    names = ("sort", "kind", "id", "quantity", "waits_for")
    found = await rows(shop)
    for item, quantity in (("tea", "7"), ("oil", "1.5")):
        (step,) = found[item]["steps"]
        expected = ["sales_order", "sales_order", paid["order_id"], quantity, "shipment"]
        assert [step[name] for name in names] == expected
    await shop.service.deliver(shop.shipment(paid))
    assert [one["steps"] for one in (await rows(shop)).values()] == [[], []]


class Counted:
    """A receipt of purchasing that was counted, and is not posted."""

    def __init__(self, receipt_id: UUID | None = None, site_id: str = "north") -> None:
        self.said = {
            "receipt_id": receipt_id or uuid4(),
            "number": f"GR-{uuid4().hex[:6]}",
            "order_id": uuid4(),
            "supplier_id": "acme",
            "site_id": site_id,
            "warehouse_id": "main",
            "at": now(),
            "user_id": "anna",
        }

    def drafted(self, *lines: tuple[str, str]) -> ReceiptDrafted:
        """Say that these items were counted."""
        numbered = tuple(
            DraftedLine.model_validate({"line_no": number, "item_id": item, "quantity": quantity})
            for number, (item, quantity) in enumerate(lines, start=1)
        )
        return ReceiptDrafted.model_validate({**self.said, "lines": numbered})

    def audited(self) -> ReceiptAudited:
        """Say that it was audited."""
        return ReceiptAudited.model_validate(self.said)

    def cancelled(self) -> ReceiptCancelled:
        """Say that it was given up."""
        return ReceiptCancelled.model_validate(self.said)


async def receipts_open(shop: Any, item: str) -> list[tuple[str, str, str]]:
    """Return id, quantity and what is missing of each unposted receipt beside an item."""
    steps = (await rows(shop))[item]["steps"]
    return [
        (one["id"], one["quantity"], one["waits_for"])
        for one in steps
        if (one["sort"], one["kind"]) == ("supplier_receipt", "supplier_receipt")
    ]


async def test_what_was_counted_at_the_door_waits_for_its_posting_beside_its_items(
    shop: Any,
) -> None:
    """A9: an unposted receipt of purchasing is an open step until it is booked or given up."""
    await shop.receive(("tea", "50"), ("oil", "9"))
    counted, elsewhere = Counted(), Counted(site_id="south")
    receipt_id = str(counted.said["receipt_id"])
    draft = counted.drafted(("tea", "3"), ("tea", "4"), ("oil", "1.5"))
    await shop.service.deliver([draft, draft, elsewhere.drafted(("tea", "1"))])
    assert await receipts_open(shop, "tea") == [(receipt_id, "7", "audit")]
    assert await receipts_open(shop, "oil") == [(receipt_id, "1.5", "audit")]
    (step,) = (await rows(shop))["tea"]["steps"]
    assert step["number"] == counted.said["number"]
    await shop.service.deliver(counted.audited())
    assert await receipts_open(shop, "tea") == [(receipt_id, "7", "posting")]
    booked = shop.receipt(("tea", "7"), ("oil", "1.5")).model_copy(
        update={"receipt_id": counted.said["receipt_id"]}
    )
    await shop.service.deliver(booked)
    assert await receipts_open(shop, "tea") == []
    assert await receipts_open(shop, "oil") == []
    assert (await rows(shop))["tea"]["ledger"] == "57"


async def test_a_receipt_that_was_given_up_or_posted_at_once_is_no_open_step(shop: Any) -> None:
    """A9: whether its facts come one by one or together."""
    await shop.receive(("tea", "50"))
    given_up, at_once = Counted(), Counted()
    await shop.service.deliver([given_up.drafted(("tea", "3"))])
    assert len(await receipts_open(shop, "tea")) == 1
    booked = shop.receipt(("tea", "2")).model_copy(
        update={"receipt_id": at_once.said["receipt_id"]}
    )
    await shop.service.deliver(
        [given_up.cancelled(), at_once.drafted(("tea", "2")), at_once.audited(), booked]
    )
    assert await receipts_open(shop, "tea") == []
    assert await shop.parked() == []


async def test_an_item_on_an_open_count_sheet_waits_for_its_count(shop: Any, desk: Any) -> None:
    await shop.receive(("tea", "5"))
    await desk.act("/count-sheets", "ann", {"site_id": "north", "warehouse_id": "main"})
    (step,) = (await rows(shop))["tea"]["steps"]
    assert (step["sort"], step["waits_for"]) == ("count_sheet", "count")


async def stray_scan(shop: Any, session_of: str, *codes: str) -> list[Any]:
    """Scan codes for an issue in a warehouse of north; return what became of each."""
    await shop.register("gun")

    async def post(path: str, body: Any) -> Any:
        headers = shop.service.headers(["clerk", "shop_manager"], subject="li")
        headers["X-Device-Id"] = "gun"
        answer = await shop.service.api.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    await post(f"/sites/north/warehouses/{session_of}/workers", {"user_id": "li"})
    door = {"site_id": "north", "warehouse_id": session_of}
    place = f"/scan-sessions/{(await post('/scan-sessions', door))['session_id']}"
    await post(f"{place}/works", {"kind": "issue"})
    scans = [
        {"scan_id": str(uuid4()), "code": code, "scanned_at": now().isoformat()} for code in codes
    ]
    return list((await post(f"{place}/scans", {"scans": scans}))["scans"])


async def strays(shop: Any, site: str) -> dict[str, list[tuple[str, str]]]:
    """Return id and quantity of scans at the wrong warehouse, by the items they stand beside."""
    page = await shop.get(PAGE, site_id=site)
    found = {
        one["item_id"]: sorted(
            (step["id"], step["quantity"])
            for step in one["steps"]
            if (step["sort"], step["waits_for"]) == ("wrong_warehouse", "settlement")
        )
        for one in page["items"]
    }
    return {item: steps for item, steps in found.items() if steps}


async def test_a_scan_at_the_wrong_warehouse_stands_beside_what_it_concerns(
    shop: Any, desk: Any
) -> None:
    """A9: beside the unit's item, or each of the document's, until somebody settles it."""
    till = {"item_id": "till", "name": "Till", "base_unit": "box", "scale": 0, "tracking": "serial"}
    await shop.post("/items/import", {"items": [till]}, "master_data")
    back = {"site_id": "north", "warehouse_id": "back"}
    lines = [
        {"item_id": "tea", "quantity": "3", "unit": "box"},
        {"item_id": "tea", "quantity": "4", "unit": "box"},
        {"item_id": "till", "quantity": "1", "unit": "box", "serials": ["S-1"]},
    ]
    body = {"kind": "receipt", **back, "lines": lines}
    received = await desk.finish(await desk.act("/documents", "ann", body))
    await shop.receive(("oil", "9"))
    scanned = await stray_scan(shop, "main", received["number"], "S-1", "oil", "nothing")
    assert scanned[0]["refusal"]["code"] == "wrong_warehouse"
    paper, unit = (one["scan_id"] for one in scanned[:2])
    assert await strays(shop, "north") == {
        "tea": [(paper, "7")],
        "till": sorted([(paper, "1"), (unit, "1")]),
    }
    for scan_id in (paper, unit):
        settle = f"/sites/north/wrong-warehouse-scans/{scan_id}/settle"
        answer = await shop.post(settle, {"how": "Carried back"}, "shop_manager")
        assert answer.status_code == 204, answer.text
    assert await strays(shop, "north") == {}


async def test_a_scan_of_another_site_s_document_is_a_step_of_both_sites(
    shop: Any, desk: Any
) -> None:
    """A9: goods that are too many at one site are missing at the other."""
    await shop.receive(("tea", "9"))
    await shop.receive(("tea", "9"), site="south")
    body = {"kind": "issue", "site_id": "south", "warehouse_id": "main"}
    line = {"item_id": "tea", "quantity": "2", "unit": "box"}
    draft = await desk.act("/documents", "ann", {**body, "lines": [line]})
    (scanned,) = await stray_scan(shop, "main", f"urn:trueshelf:document:{draft['document_id']}")
    beside = {"tea": [(scanned["scan_id"], "2")]}
    assert [await strays(shop, site) for site in ("north", "south")] == [beside, beside]


async def test_a_count_sheet_scanned_elsewhere_stands_beside_what_it_counts(
    shop: Any, desk: Any
) -> None:
    """A9."""
    await shop.receive(("tea", "9"), ("oil", "9"))
    sheet = await desk.act("/count-sheets", "bob", {"site_id": "north", "warehouse_id": "main"})
    (scanned,) = await stray_scan(shop, "back", sheet["number"])
    beside = [(scanned["scan_id"], None)]
    assert await strays(shop, "north") == {"oil": beside, "tea": beside}


async def test_the_report_comes_in_pages(shop: Any) -> None:
    await shop.receive(("tea", "5"), ("rice", "1"), ("oil", "1"))
    first = await shop.get(PAGE, site_id="north", limit=2)
    second = await shop.get(PAGE, site_id="north", limit=2, cursor=first["next_cursor"])
    assert [one["item_id"] for one in first["items"]] == ["oil", "rice"]
    assert [one["item_id"] for one in second["items"]] == ["tea"]
    assert second["next_cursor"] is None


async def test_without_costing_the_report_says_so(shop: Any) -> None:
    await shop.receive(("tea", "5"))
    page = await shop.get(PAGE, site_id="north")
    assert page["costing"] == "unavailable"
    assert page["items"][0]["costing"] is None
    assert (await shop.get(f"{PAGE}/summary", site_id="north"))["costing"] == "unavailable"


@pytest.fixture
async def lonely(database: FreshDatabase) -> AsyncIterator[Any]:
    """Return the service with the address of a costing that does not answer."""
    nowhere = {"costing_url": "http://127.0.0.1:1"}
    async with running(SERVICE, database.dsn, **nowhere) as service:
        yield service


async def test_costing_that_does_not_answer_is_no_error_of_the_report(lonely: Any) -> None:
    for path in (PAGE, f"{PAGE}/summary"):
        given = {"site_id": "north"}
        answer = await lonely.api.get(path, params=given, headers=lonely.headers(["finance"]))
        assert (answer.status_code, answer.json()["costing"]) == (200, "unavailable")
