"""Goods that go back to their supplier leave the books at once, or a refusal says why not (C7)."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from contracts.inventory import StockReceived, StockReturnedToSupplier, SupplierReturnBooked
from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from inventory.main import SERVICE
from servicekit.clock import now

PHONE = {
    "item_id": "phone",
    "name": "Phone",
    "base_unit": "EA",
    "scale": 0,
    "tracking": "serial",
    "gtin": "4006381333931",
}
MILK = {"item_id": "milk", "name": "Milk", "base_unit": "EA", "scale": 0, "tracking": "batch"}
MEAT = {
    "item_id": "meat",
    "name": "Meat",
    "base_unit": "kg",
    "scale": 3,
    "inspect_on_receipt": True,
}


@pytest.fixture
async def store(shop: Any) -> Any:
    """Return a shop with items told apart, and one that is inspected first."""
    answer = await shop.post("/items/import", {"items": [PHONE, MILK, MEAT]}, "master_data")
    assert answer.json()["refused"] == []
    return shop


def named(shop: Any, item_id: str, quantity: str, **naming: Any) -> GoodsReceiptPosted:
    receipt: GoodsReceiptPosted = shop.receipt((item_id, quantity))
    line = {**receipt.lines[0].model_dump(), **naming}
    return receipt.model_copy(update={"lines": (PurchaseLine.model_validate(line),)})


def asked(receipt: GoodsReceiptPosted, quantity: str, **changes: Any) -> dict[str, Any]:
    """Return the question whether so much of a receipt's first line can go back."""
    line = receipt.lines[0]
    return {
        "return_id": str(uuid4()),
        "number": "PR-1",
        "receipt_id": str(receipt.receipt_id),
        "receipt_number": receipt.number,
        "site_id": receipt.site_id,
        "cause": "defect",
        "reversal": changes.pop("reversal", False),
        "posted_at": now().isoformat(),
        "posted_by": "anna",
        "lines": [
            {
                "line_no": 1,
                "receipt_line_no": line.line_no,
                "item_id": line.item_id,
                "quantity": quantity,
                "batch_id": line.batch_id,
                "status": "available",
                **changes,
            }
        ],
    }


async def send_back(shop: Any, body: dict[str, Any], **more: Any) -> httpx2.Response:
    answer: httpx2.Response = await shop.post("/supplier-returns", body, **more)
    return answer


async def test_goods_leave_the_books_once_and_name_the_entry_that_brought_them(store: Any) -> None:
    """A1, C7: asked again under another key, the answer is the same."""
    receipt = store.receipt(("tea", "10"))
    await store.service.deliver(receipt)
    body = asked(receipt, "4") | {"device_id": "gun-1"}
    first, again = await send_back(store, body), await send_back(store, body)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json() == again.json()
    (came,), (left,) = await store.facts(StockReceived), await store.facts(StockReturnedToSupplier)
    assert (left.reverses, left.quantity, left.source) == (came.sequence, 4, "available")
    assert (left.document_number, left.user_id, left.device_id) == ("PR-1", "anna", "gun-1")
    (booked,) = await store.facts(SupplierReturnBooked)
    assert (str(booked.return_id), booked.key) == (body["return_id"], str(receipt.receipt_id))
    assert (await store.stock("tea"))["on_hand"] == "6"
    assert await store.books_agree()
    assert await SERVICE.commands["verify"](store.service.context) == 0


async def test_rejected_goods_go_back_from_where_they_are_frozen(store: Any) -> None:
    """C7: the usual case."""
    receipt = store.receipt(("meat", "5"))
    await store.service.deliver(receipt)
    inspection = {
        "site_id": "north",
        "warehouse_id": "main",
        "item_id": "meat",
        "parts": [
            {"decision": "reject", "quantity": "2"},
            {"decision": "release", "quantity": "3"},
        ],
    }
    assert (await store.post("/inspections", inspection, "clerk")).status_code == 201
    answer = await send_back(store, asked(receipt, "2", status="frozen"))
    assert answer.status_code == 201, answer.text
    left = await store.stock("meat")
    assert (left["on_hand"], left["frozen"], left["available"]) == ("3", "0", "3")
    assert await store.books_agree()


async def test_a_refusal_says_what_is_there_and_who_holds_it(store: Any) -> None:
    """C7: nothing leaves that the shelf doesn't have, and nothing that is promised."""
    receipt = store.receipt(("tea", "10"))
    await store.service.deliver(receipt)
    held = await store.held(("tea", "8"))
    answer = await send_back(store, asked(receipt, "3"))
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "goods_not_there")
    (line,) = said["lines"]
    assert (line["wanted"], line["on_hand"], line["available"], line["allocated"]) == (
        "3",
        "10",
        "2",
        "8",
    )
    assert line["allocated_by"] == [{"order_id": held["order_id"], "quantity": "8"}]
    assert line["allocated_by_others"] == {"orders": 0, "quantity": "0"}
    assert (line["in_inspection"], line["frozen"]) == ("0", "0")
    assert not await store.facts(StockReturnedToSupplier)
    assert (await send_back(store, asked(receipt, "2"))).status_code == 201
    assert await store.books_agree()


async def test_a_refusal_says_how_many_more_hold_goods_than_it_names(store: Any) -> None:
    """B3, C7."""
    receipt = store.receipt(("tea", "24"))
    await store.service.deliver(receipt)
    await store.at_once(*(store.held(("tea", "1")) for _ in range(24)))
    (line,) = (await send_back(store, asked(receipt, "1"))).json()["lines"]
    assert [one["quantity"] for one in line["allocated_by"]] == ["1"] * 20
    assert line["allocated_by_others"] == {"orders": 4, "quantity": "4"}


async def test_units_go_back_by_name_and_a_batch_that_is_called_back_may(store: Any) -> None:
    phones = named(store, "phone", "2", serials=("P1", "P2"))
    milk = named(store, "milk", "6", batch_id="L1")
    await store.service.deliver([phones, milk])
    wrong = await send_back(store, asked(phones, "1"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "serials_missing")
    assert (await send_back(store, asked(phones, "1", serials=["P2"]))).status_code == 201
    gone = await send_back(store, asked(phones, "1", serials=["P2"]))
    assert (gone.status_code, gone.json()["code"]) == (409, "serial_not_there")
    order = {
        "number": "R-1",
        "item_id": "milk",
        "batches": ["L1"],
        "recall_class": "I",
        "reason": "listeria",
    }
    recall = await store.post("/recalls", order, "operator")
    assert recall.status_code == 201, recall.text
    await store.service.run_job("pursue_recalls")
    answer = await send_back(store, asked(milk, "6", status="frozen"))
    assert answer.status_code == 201, answer.text
    assert (await store.stock("milk"))["on_hand"] == "0"
    assert await store.books_agree()


async def test_a_reversal_takes_goods_as_they_came_or_as_they_have_become(store: Any) -> None:
    """A1: what waits to be inspected need not be released first."""
    waiting, other = store.receipt(("meat", "5")), store.receipt(("meat", "2"))
    await store.service.deliver([waiting, other])
    release = {
        "site_id": "north",
        "warehouse_id": "main",
        "item_id": "meat",
        "parts": [{"decision": "release", "quantity": "2"}],
    }
    assert (await store.post("/inspections", release, "clerk")).status_code == 201
    for receipt, quantity in ((waiting, "5"), (other, "2")):
        body = asked(receipt, quantity, status=None, reversal=True)
        assert (await send_back(store, body)).status_code == 201
    assert [one.source for one in await store.facts(StockReturnedToSupplier)] == [
        "in_inspection",
        "available",
    ]
    assert (await store.stock("meat"))["on_hand"] == "0"
    assert await store.books_agree()


async def test_what_never_came_does_not_go_back(store: Any) -> None:
    answer = await send_back(store, asked(store.receipt(("tea", "1")), "1"))
    assert (answer.status_code, answer.json()["code"]) == (409, "receipt_not_in_ledger")


@pytest.mark.parametrize(("role", "sites"), [("clerk", ("*",)), ("service", ("south",))])
async def test_only_purchasing_asks_and_for_its_sites(
    store: Any, role: str, sites: tuple[str, ...]
) -> None:
    body = asked(store.receipt(("tea", "1")), "1")
    assert (await send_back(store, body, role=role, sites=sites)).status_code == 403
