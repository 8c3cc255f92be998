"""What customers return is on hand again, and waits to be inspected (B7)."""

from typing import Any
from uuid import uuid4

from contracts.inventory import ReturnBooked, StockReturned, StockShipped
from contracts.sales import CustomerReturnPosted, ReturnedLine, ShipmentPosted
from servicekit.clock import now


def back(sent: ShipmentPosted, quantity: str, before: str = "0", **more: Any) -> Any:
    """Return the fact that so much of a shipment's first line came back."""
    line = {
        "line_no": 1,
        "shipment_line_no": sent.lines[0].line_no,
        "item_id": sent.lines[0].item_id,
        "quantity": quantity,
        "returned_before": before,
        "amount": "1",
        **more,
    }
    return CustomerReturnPosted(
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


async def paid(shop: Any, quantity: str = "4") -> ShipmentPosted:
    """Return the fact that a paid reservation of tea was shipped."""
    await shop.receive(("tea", "10"))
    made = await shop.held(("tea", quantity))
    await shop.confirm(made)
    sent: ShipmentPosted = shop.shipment(made)
    return sent


async def test_returned_goods_are_on_hand_and_not_available(shop: Any) -> None:
    sent = await paid(shop)
    await shop.service.deliver(sent)
    returned = back(sent, "3")
    await shop.service.deliver(returned)
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["in_inspection"], tea["available"]) == ("9", "3", "6")
    (fact,) = await shop.facts(StockReturned)
    (shipped,) = await shop.facts(StockShipped)
    assert (fact.reverses, fact.shipment_id) == (shipped.sequence, sent.shipment_id)
    assert (fact.sequence, fact.document_number, fact.user_id) == (3, returned.number, "anna")
    (booked,) = await shop.facts(ReturnBooked)
    assert booked.return_id == returned.return_id
    assert await shop.books_agree()


async def test_entries_name_the_devices_that_goods_left_and_came_back_with(shop: Any) -> None:
    """A8: in the ledger, in the facts, and as what the trace says the documents are posted with."""
    sent = (await paid(shop)).model_copy(update={"device_id": "gun-1"})
    returned = back(sent, "3").model_copy(update={"device_id": "gun-2"})
    await shop.service.deliver([sent, returned])
    (shipped,), (came,) = await shop.facts(StockShipped), await shop.facts(StockReturned)
    assert (shipped.device_id, came.device_id) == ("gun-1", "gun-2")
    page = await shop.get("/trace", document_id=sent.shipment_id)
    assert [(one["kind"], one["device_id"]) for one in page["items"]] == [("shipment", "gun-1")]
    page = await shop.get("/trace", item_id="tea")
    with_device = {one["kind"]: one["posted_with"] for one in page["documents"]}
    assert (with_device["shipment"], with_device["return"]) == ("gun-1", "gun-2")


async def test_what_a_reversal_takes_back_is_available_at_once(shop: Any) -> None:
    """A1: with the entry it undoes, so that its cost comes back too."""
    sent = await paid(shop)
    undone = back(sent, "4").model_copy(update={"reverses_shipment": True, "cause": "undelivered"})
    await shop.service.deliver([sent, undone, undone])
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["in_inspection"], tea["available"]) == ("10", "0", "10")
    (fact,) = await shop.facts(StockReturned)
    (shipped,) = await shop.facts(StockShipped)
    assert (fact.reverses, str(fact.quantity)) == (shipped.sequence, "4")
    assert await shop.books_agree()


async def test_a_shipment_and_what_came_back_of_it_are_booked_together(shop: Any) -> None:
    """Both may come in one batch, told twice."""
    sent = await paid(shop)
    parts = [back(sent, "1"), back(sent, "3", "1")]
    await shop.service.deliver([sent, *parts, sent, *parts])
    await shop.service.deliver(parts)
    tea = await shop.stock("tea")
    assert (tea["on_hand"], tea["in_inspection"]) == ("10", "4")
    assert {fact.reverses for fact in await shop.facts(StockReturned)} == {2}
    assert len(await shop.facts(ReturnBooked)) == 2
    assert await shop.parked() == []
    assert await shop.books_agree()


async def test_an_inspection_lets_returned_goods_go(shop: Any) -> None:
    sent = await paid(shop)
    await shop.service.deliver([sent, back(sent, "3")])
    body = {
        "site_id": "north",
        "warehouse_id": "main",
        "item_id": "tea",
        "parts": [
            {"decision": "release", "quantity": "1"},
            {"decision": "reject", "quantity": "2", "reason": "opened"},
        ],
    }
    assert (await shop.post("/inspections", body, "clerk")).status_code == 201
    tea = await shop.stock("tea")
    assert (tea["available"], tea["in_inspection"], tea["frozen"]) == ("7", "0", "2")


async def test_a_unit_comes_back_only_if_it_was_shipped(shop: Any) -> None:
    """B5: it is at one place, once."""
    sent = await paid(shop, "2")
    await shop.service.deliver(sent)
    await shop.service.deliver(back(sent, "1", serials=["never-left"]))
    (parked,) = await shop.parked()
    assert parked["error"].startswith("SerialNotThere")
    assert (await shop.stock("tea"))["in_inspection"] == "0"
    assert await shop.books_agree()


async def test_what_never_left_is_parked_and_says_so(shop: Any) -> None:
    sent = await paid(shop)
    await shop.service.deliver(back(sent, "1"))
    (parked,) = await shop.parked()
    assert parked["error"].startswith("ReturnUnexplained")
    assert await shop.facts(StockReturned) == []
    assert await shop.books_agree()
