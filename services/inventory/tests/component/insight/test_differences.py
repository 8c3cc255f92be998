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
