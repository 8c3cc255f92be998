"""Returns that were posted by mistake are taken back, as far as their goods are there (A1)."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from contracts.inventory import (
    ReturnReversalBooked,
    StockReturned,
    StockReturnedToSupplier,
    StockReturnReversed,
    StockShipped,
    StockSupplierReturnReversed,
    SupplierReturnReversalBooked,
)
from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from contracts.sales import CustomerReturnPosted, ReturnedLine, ShipmentPosted
from inventory.main import SERVICE
from servicekit.clock import now

PHONE = {"item_id": "phone", "name": "Phone", "base_unit": "EA", "scale": 0, "tracking": "serial"}


async def shipped(shop: Any, item_id: str, quantity: str, *serials: str) -> ShipmentPosted:
    """Return the fact that goods, received just before, were shipped."""
    receipt: GoodsReceiptPosted = shop.receipt((item_id, "10" if not serials else quantity))
    line = {**receipt.lines[0].model_dump(), "serials": serials}
    lines = (PurchaseLine.model_validate(line),)
    await shop.service.deliver(receipt.model_copy(update={"lines": lines}))
    unit = "EA" if serials else {"tea": "box", "rice": "kg"}[item_id]
    wanted = {"item_id": item_id, "quantity": quantity, "unit": unit, "serials": serials}
    made = await shop.held(lines=[wanted])
    await shop.confirm(made)
    sent: ShipmentPosted = shop.shipment(made)
    if serials:
        named = sent.lines[0].model_copy(update={"serials": serials})
        sent = sent.model_copy(update={"lines": (named,)})
    await shop.service.deliver(sent)
    return sent


async def returned(shop: Any, sent: ShipmentPosted, quantity: str, *serials: str) -> Any:
    """Return the fact, which is booked, that so much of a shipment's first line came back."""
    line = {
        "line_no": 1,
        "shipment_line_no": sent.lines[0].line_no,
        "item_id": sent.lines[0].item_id,
        "quantity": quantity,
        "returned_before": "0",
        "amount": "1",
        "serials": serials,
    }
    back = CustomerReturnPosted(
        return_id=uuid4(),
        number=f"RT-{uuid4().hex[:6]}",
        shipment_id=sent.shipment_id,
        shipment_number=sent.number,
        order_id=sent.order_id,
        site_id=sent.site_id,
        warehouse_id=sent.warehouse_id,
        currency=sent.currency,
        posted_at=now(),
        posted_by="anna",
        cause="customer",
        returned_at=now(),
        lines=(ReturnedLine.model_validate(line),),
    )
    await shop.service.deliver(back)
    assert await shop.parked() == []
    return back


async def inspect(shop: Any, item_id: str, *parts: tuple[str, str], **more: Any) -> None:
    body = {
        "site_id": "north",
        "warehouse_id": "main",
        "item_id": item_id,
        "parts": [{"decision": one, "quantity": quantity, **more} for one, quantity in parts],
    }
    answer = await shop.post("/inspections", body, "clerk")
    assert answer.status_code == 201, answer.text


def asked(back: CustomerReturnPosted, **changes: Any) -> dict[str, Any]:
    return {
        "reversal_id": str(uuid4()),
        "number": "RV-1",
        "return_id": str(back.return_id),
        "return_number": back.number,
        "site_id": back.site_id,
        "shipment_id": str(back.shipment_id),
        "order_id": str(back.order_id),
        "posted_at": now().isoformat(),
        "posted_by": "max",
        "lines": [
            {"line_no": one.line_no, "about_line_no": one.shipment_line_no} for one in back.lines
        ],
        **changes,
    }


async def take_back(shop: Any, body: dict[str, Any], **more: Any) -> httpx2.Response:
    answer: httpx2.Response = await shop.post("/customer-return-reversals", body, **more)
    return answer


async def test_what_came_back_leaves_the_books_once_and_names_the_entry_it_undoes(
    shop: Any,
) -> None:
    """A1: asked again under another key, the answer is the same."""
    back = await returned(shop, await shipped(shop, "tea", "4"), "3")
    body = asked(back, device_id="gun-1")
    first, again = await take_back(shop, body), await take_back(shop, body)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json() == again.json()
    (left,), (came,) = await shop.facts(StockShipped), await shop.facts(StockReturned)
    (undone,) = await shop.facts(StockReturnReversed)
    assert (undone.reverses, undone.shipped_by) == (came.sequence, left.sequence)
    assert (undone.source, str(undone.quantity)) == ("in_inspection", "3")
    assert (undone.user_id, undone.device_id) == ("max", "gun-1")
    (booked,) = await shop.facts(ReturnReversalBooked)
    assert (str(booked.reversal_id), booked.key) == (body["reversal_id"], body["return_id"])
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["in_inspection"]) == ("6", "0")
    assert await shop.books_agree()
    assert await SERVICE.commands["verify"](shop.service.context) == 0


async def test_goods_are_taken_out_of_wherever_an_inspection_has_put_them(shop: Any) -> None:
    """A1: the parts say how much of the entry those before them took."""
    back = await returned(shop, await shipped(shop, "rice", "10"), "5")
    await inspect(shop, "rice", ("release", "2"), ("reject", "1"))
    assert (await take_back(shop, asked(back))).status_code == 201
    parts = await shop.facts(StockReturnReversed)
    assert [(one.source, str(one.quantity), str(one.reversed_before)) for one in parts] == [
        ("in_inspection", "2", "0"),
        ("available", "2", "2"),
        ("frozen", "1", "4"),
    ]
    rice = await shop.stock("rice")
    assert {rice[name] for name in ("on_hand", "available", "in_inspection", "frozen")} == {"0"}
    assert await shop.books_agree()


async def test_goods_that_were_released_and_promised_again_are_in_the_way(shop: Any) -> None:
    """A1: the refusal says what is there and who holds it, and nothing is booked."""
    back = await returned(shop, await shipped(shop, "tea", "10"), "3")
    await inspect(shop, "tea", ("release", "3"))
    held = await shop.held(("tea", "2"))
    answer = await take_back(shop, asked(back))
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "returned_goods_gone")
    (line,) = said["lines"]
    assert [line[one] for one in ("wanted", "on_hand", "available", "allocated")] == [
        "3",
        "3",
        "1",
        "2",
    ]
    assert line["allocated_by"] == [{"order_id": held["order_id"], "quantity": "2"}]
    assert await shop.facts(StockReturnReversed) == []
    assert (await shop.stock("tea"))["on_hand"] == "3"


async def test_units_are_as_they_were_before_they_came_back(shop: Any) -> None:
    """A1, B5: each is taken from where it is; one that was sold again is named."""
    answer = await shop.post("/items/import", {"items": [PHONE]}, "master_data")
    assert answer.json()["refused"] == []
    sent = await shipped(shop, "phone", "2", "P1", "P2")
    back = await returned(shop, sent, "2", "P1", "P2")
    await inspect(shop, "phone", ("release", "1"), serials=["P2"])
    assert (await take_back(shop, asked(back))).status_code == 201
    parts = await shop.facts(StockReturnReversed)
    assert [(one.source, one.serials) for one in parts] == [
        ("in_inspection", ("P1",)),
        ("available", ("P2",)),
    ]
    again = await returned(shop, sent, "1", "P2")
    await inspect(shop, "phone", ("release", "1"), serials=["P2"])
    wanted = {"item_id": "phone", "quantity": "1", "unit": "EA", "serials": ["P2"]}
    made = await shop.held(lines=[wanted])
    await shop.confirm(made)
    sold = shop.shipment(made)
    named = sold.lines[0].model_copy(update={"serials": ("P2",)})
    await shop.service.deliver(sold.model_copy(update={"lines": (named,)}))
    refused = await take_back(shop, asked(again))
    assert (refused.status_code, refused.json()["code"]) == (409, "returned_goods_gone")
    (line,) = refused.json()["lines"]
    assert [(one["serial_no"], one["state"]) for one in line["units_elsewhere"]] == [
        ("P2", "shipped")
    ]
    assert await shop.books_agree()


async def test_what_went_back_to_a_supplier_is_there_again_as_what_it_was(shop: Any) -> None:
    """A1, C7: in the status it had left from, by an entry that names the one it undoes."""
    receipt: GoodsReceiptPosted = shop.receipt(("tea", "10"))
    await shop.service.deliver(receipt)
    line = {"line_no": 1, "receipt_line_no": 1, "item_id": "tea", "quantity": "4"}
    question = {
        "return_id": str(uuid4()),
        "number": "PR-1",
        "receipt_id": str(receipt.receipt_id),
        "receipt_number": receipt.number,
        "site_id": "north",
        "cause": "defect",
        "posted_at": now().isoformat(),
        "posted_by": "anna",
        "lines": [{**line, "status": "available"}],
    }
    assert (await shop.post("/supplier-returns", question)).status_code == 201
    body = {
        "reversal_id": str(uuid4()),
        "number": "RV-2",
        "return_id": question["return_id"],
        "return_number": "PR-1",
        "receipt_id": question["receipt_id"],
        "site_id": "north",
        "posted_at": now().isoformat(),
        "posted_by": "max",
        "device_id": "gun-1",
        "lines": [{"line_no": 1, "about_line_no": 1}],
    }
    for _ in range(2):
        answer = await shop.post("/supplier-return-reversals", body)
        assert answer.status_code == 201, answer.text
    (gone,) = await shop.facts(StockReturnedToSupplier)
    (kept,) = await shop.facts(StockSupplierReturnReversed)
    assert (kept.reverses, kept.received_by) == (gone.sequence, gone.reverses)
    (booked,) = await shop.facts(SupplierReturnReversalBooked)
    assert (kept.target, booked.key) == ("available", question["receipt_id"])
    assert (kept.user_id, kept.device_id) == ("max", "gun-1")
    assert (await shop.stock("tea"))["available"] == "10"
    assert await shop.books_agree()


async def test_what_never_came_back_is_not_taken_back(shop: Any) -> None:
    sent = await shipped(shop, "tea", "4")
    back = await returned(shop, sent, "1")
    for wrong in (
        {"return_id": str(uuid4())},
        {"lines": [{"line_no": 2, "about_line_no": 1}]},
        {"shipment_id": str(uuid4())},
    ):
        answer = await take_back(shop, asked(back, **wrong))
        assert (answer.status_code, answer.json()["code"]) == (409, "return_not_in_ledger")
    assert (await shop.stock("tea"))["in_inspection"] == "1"


@pytest.mark.parametrize(("role", "sites"), [("clerk", ("*",)), ("service", ("south",))])
async def test_only_services_ask_and_for_their_sites(
    shop: Any, role: str, sites: tuple[str, ...]
) -> None:
    back = await returned(shop, await shipped(shop, "tea", "4"), "1")
    assert (await take_back(shop, asked(back), role=role, sites=sites)).status_code == 403
