"""Receipts become ledger entries, balances and facts: each once, numbered without a gap (A1)."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from contracts.inventory import ReceiptBooked, ReceiptHeld, StockReceived
from inventory.stock.use_cases.tell_held_receipts import said


async def test_a_posted_receipt_is_on_the_books_and_available(shop: Any) -> None:
    posted = shop.receipt(("tea", "12"), ("rice", "2.5"))
    await shop.service.deliver(posted)
    tea = await shop.stock("tea")
    assert tea == {
        "site_id": "north",
        "warehouse_id": "main",
        "item_id": "tea",
        "batch_id": "",
        "on_hand": "12",
        "allocated": "0",
        "in_inspection": "0",
        "frozen": "0",
        "available": "12",
        "sequence": 1,
        "moved_at": posted.posted_at.isoformat().replace("+00:00", "Z"),
    }
    (entry,) = (await shop.get("/ledger", site_id="north", item_id="rice"))["items"]
    assert (entry["sequence"], entry["quantity"], entry["kind"]) == (1, "2.5", "receipt")
    assert (entry["document_number"], entry["line_no"]) == (posted.number, 2)
    facts = await shop.facts(StockReceived)
    assert [(fact.key, fact.quantity, str(fact.unit_cost)) for fact in facts] == [
        ("north:tea", 12, "2.5"),
        ("north:rice", posted.lines[1].quantity, "2.5"),
    ]
    (booked,) = await shop.facts(ReceiptBooked)
    assert booked.receipt_id == posted.receipt_id
    assert [(one.line_no, one.warehouse_id, one.rule) for one in booked.lines] == [
        (1, "main", None),
        (2, "main", None),
    ]
    assert await shop.books_agree()


async def test_numbers_of_a_site_and_item_have_no_gap_across_warehouses(shop: Any) -> None:
    await shop.service.deliver(
        [
            shop.receipt(("tea", "1"), ("tea", "2")),
            shop.receipt(("tea", "4"), warehouse="back"),
            shop.receipt(("tea", "8"), site="south"),
        ]
    )
    await shop.receive(("tea", "16"), warehouse="back")
    facts = [fact for fact in await shop.facts(StockReceived) if fact.site_id == "north"]
    assert [(fact.sequence, int(fact.quantity)) for fact in facts] == [
        (1, 1),
        (2, 2),
        (3, 4),
        (4, 16),
    ]
    assert (await shop.stock("tea", warehouse="back"))["on_hand"] == "20"
    assert (await shop.stock("tea", site="south"))["sequence"] == 1
    assert await shop.books_agree()


async def test_the_same_event_twice_is_booked_once(shop: Any) -> None:
    """B8."""
    posted, name = shop.receipt(("tea", "5")), uuid4()
    await shop.service.deliver(posted, [name])
    await shop.service.deliver([posted, posted], [name, name])
    assert (await shop.stock("tea"))["on_hand"] == "5"
    assert len(await shop.facts(ReceiptBooked)) == 1


async def test_the_same_receipt_under_another_event_id_is_booked_once(shop: Any) -> None:
    """B8."""
    posted = shop.receipt(("tea", "5"))
    await shop.service.deliver([posted, posted])
    await shop.service.deliver(posted)
    assert (await shop.stock("tea"))["on_hand"] == "5"
    assert len(await shop.facts(StockReceived)) == 1


async def test_only_the_receipt_that_can_not_be_booked_is_parked(shop: Any) -> None:
    good, bad = shop.receipt(("tea", "5")), shop.receipt(("tea", "1"), ("ghost", "1"))
    await shop.service.deliver([good, bad, shop.receipt(("tea", "2"))])
    assert (await shop.stock("tea"))["on_hand"] == "7"
    (parked,) = await shop.parked()
    assert parked["key"] == str(bad.receipt_id)
    assert "ghost" in parked["error"]
    assert await shop.books_agree()


async def test_what_can_not_be_booked_is_told_once_with_its_cause(shop: Any) -> None:
    """G1: by however many workers, and again when mending it failed for another cause."""
    bad = shop.receipt(("ghost", "1"))
    await shop.service.deliver([shop.receipt(("tea", "1")), bad])

    async def told() -> list[tuple[UUID, str]]:
        await asyncio.gather(*(shop.service.run_job("tell_held_receipts") for _ in range(3)))
        return [(one.receipt_id, one.cause) for one in await shop.facts(ReceiptHeld)]

    (first,) = await told()
    assert first[0] == bad.receipt_id
    assert "ghost" in first[1]
    assert await told() == [first]


def test_a_cause_is_what_the_error_says() -> None:
    assert said("UnknownItem('Nobody knows \"x\".')") == 'Nobody knows "x".'
    assert said("KeyError") == "KeyError"


async def test_a_receipt_for_a_warehouse_nobody_knows_is_parked(shop: Any) -> None:
    await shop.receive(("tea", "5"), warehouse="attic")
    await shop.receive(("tea", "5"), site="moon")
    errors = [one["error"] for one in await shop.parked()]
    assert ["UnknownWarehouse" in errors[0], "UnknownSite" in errors[1]] == [True, True]


async def test_a_receipt_more_precise_than_its_item_is_parked(shop: Any) -> None:
    await shop.receive(("tea", "1.5"))
    assert "QuantityTooPrecise" in (await shop.parked())[0]["error"]


async def test_workers_that_book_the_same_items_in_turned_order_all_succeed(shop: Any) -> None:
    items = ["tea", "rice", "oil"]
    batches = [
        [shop.receipt(*((item, "1") for item in order)) for _ in range(5)]
        for order in (items, items[::-1]) * 4
    ]
    await asyncio.gather(*(shop.service.deliver(batch) for batch in batches))
    for item in items:
        balance = await shop.stock(item)
        assert (balance["on_hand"], balance["sequence"]) == ("40", 40)
    assert await shop.books_agree()


async def test_a_batch_of_many_lines_is_booked_in_one_go(shop: Any) -> None:
    batch = [shop.receipt(*[("tea", "1"), ("rice", "0.001")] * 250) for _ in range(12)]
    await shop.service.deliver(batch)
    assert (await shop.stock("tea"))["sequence"] == 3000
    assert (await shop.stock("rice"))["on_hand"] == "3"
    assert await shop.books_agree()


async def test_sums_beyond_what_one_line_can_hold_are_shown(shop: Any) -> None:
    for _ in range(2):
        await shop.receive(("tea", "999999999999"))
    assert (await shop.stock("tea"))["on_hand"] == "1999999999998"


async def test_the_ledger_is_read_on_from_a_number(shop: Any) -> None:
    await shop.receive(*[("tea", "1")] * 5)
    asked = {"site_id": "north", "item_id": "tea"}
    late = await shop.get("/ledger", **asked, after_sequence=3)
    assert [one["sequence"] for one in late["items"]] == [4, 5]
    first = await shop.get("/ledger", **asked, limit=2)
    second = await shop.get("/ledger", **asked, limit=2, cursor=first["next_cursor"])
    assert [one["sequence"] for one in second["items"]] == [3, 4]


async def test_stock_is_listed_page_by_page_for_the_callers_sites(shop: Any) -> None:
    await shop.receive(("tea", "1"), ("rice", "1"))
    await shop.receive(("tea", "1"), site="south")
    first = await shop.get("/stock", "clerk", ["north"], limit=1)
    second = await shop.get("/stock", "clerk", ["north"], limit=1, cursor=first["next_cursor"])
    assert [one["item_id"] for one in (*first["items"], *second["items"])] == ["rice", "tea"]
    assert second["next_cursor"] is None
