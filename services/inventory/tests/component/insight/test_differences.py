"""A site's books held against its counts and values, with the steps that are not closed (A9)."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from devstack.testing import FreshDatabase
from inventory.main import SERVICE
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
    async with running(SERVICE, database.owner_dsn, database.dsn, **nowhere) as service:
        yield service


async def test_costing_that_does_not_answer_is_no_error_of_the_report(lonely: Any) -> None:
    for path in (PAGE, f"{PAGE}/summary"):
        given = {"site_id": "north"}
        answer = await lonely.api.get(path, params=given, headers=lonely.headers(["finance"]))
        assert (answer.status_code, answer.json()["costing"]) == (200, "unavailable")
