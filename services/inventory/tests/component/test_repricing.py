"""What receipts turned out to cost takes its place in the ledger, and moves nothing (C7, E2)."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import StockReceived, StockRevalued
from contracts.purchasing import GoodsReceiptPosted, ReceiptRepriced, RepricedLine
from inventory.main import SERVICE
from servicekit.clock import now


def repriced(receipt: GoodsReceiptPosted, *differences: str) -> ReceiptRepriced:
    """Return the fact that the lines of a receipt cost so much more."""
    return ReceiptRepriced(
        repricing_id=uuid4(),
        receipt_id=receipt.receipt_id,
        receipt_number=receipt.number,
        cause="invoice",
        document_id=uuid4(),
        document_number="26312000000012345678",
        currency=receipt.currency,
        at=now(),
        posted_by="max",
        lines=tuple(
            RepricedLine(
                line_no=line.line_no,
                item_id=line.item_id,
                site_id=receipt.site_id,
                quantity=line.quantity,
                difference=Decimal(difference),
            )
            for line, difference in zip(receipt.lines, differences, strict=True)
        ),
    )


async def test_a_repricing_is_the_next_entry_of_its_stream_and_moves_nothing(shop: Any) -> None:
    receipt = shop.receipt(("tea", "10"))
    await shop.service.deliver(receipt)
    before = await shop.stock("tea")
    told = repriced(receipt, "-2.50")
    await shop.service.deliver(told)
    (fact,) = await shop.facts(StockRevalued)
    (came,) = await shop.facts(StockReceived)
    assert (fact.sequence, fact.receipt_sequence) == (came.sequence + 1, came.sequence)
    assert (fact.quantity, fact.difference, fact.currency) == (0, Decimal("-2.50"), "CNY")
    assert (fact.document_id, fact.cause) == (told.document_id, "invoice")
    page = await shop.get("/trace", item_id="tea")
    assert (fact.user_id, page["items"][-1]["user_id"]) == ("max", "max")
    after = await shop.stock("tea")
    figures = ("on_hand", "available", "allocated", "in_inspection", "frozen")
    assert [after[one] for one in figures] == [before[one] for one in figures]
    assert await shop.books_agree()
    assert await SERVICE.commands["verify"](shop.service.context) == 0


@pytest.mark.parametrize("together", [True, False])
async def test_a_repricing_is_booked_once_with_its_receipt_or_after_it(
    shop: Any,
    together: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    """E2: told twice, in one batch or one by one; each line names the entry that brought it."""
    receipt = shop.receipt(("tea", "10"), ("rice", "2"), ("oil", "3"))
    told = repriced(receipt, "1", "0", "-3")
    facts = [receipt, told, receipt, told]
    for batch in [facts] if together else [[one] for one in facts]:
        await shop.service.deliver(batch)
    came = {one.item_id: one.sequence for one in await shop.facts(StockReceived)}
    revalued = await shop.facts(StockRevalued)
    assert [(one.item_id, one.difference) for one in revalued] == [("tea", 1), ("oil", -3)]
    assert all(one.receipt_sequence == came[one.item_id] for one in revalued)
    assert await shop.parked() == []
    assert await shop.books_agree()


async def test_a_repricing_stands_behind_what_was_sold_before_it(shop: Any) -> None:
    """C7: so that everybody shares it out alike."""
    receipt = shop.receipt(("tea", "10"))
    await shop.service.deliver(receipt)
    held = await shop.held(("tea", "10"))
    await shop.confirm(held)
    await shop.service.deliver([shop.shipment(held)])
    await shop.service.deliver(repriced(receipt, "5"))
    (fact,) = await shop.facts(StockRevalued)
    assert (fact.sequence, fact.receipt_sequence) == (3, 1)
    assert (await shop.stock("tea"))["on_hand"] == "0"
    assert await shop.books_agree()


async def test_what_was_never_received_is_parked_and_says_so(shop: Any) -> None:
    await shop.service.deliver(repriced(shop.receipt(("tea", "10")), "1"))
    (parked,) = await shop.parked()
    assert parked["error"].startswith("ReceiptUnexplained")
    assert await shop.facts(StockRevalued) == []


async def test_a_repricing_waits_behind_its_parked_receipt_and_both_are_released(
    shop: Any,
) -> None:
    """E2: an item that nobody defined yet holds up the receipt, and what it cost with it."""
    receipt = shop.receipt(("jam", "4"))
    await shop.service.deliver(receipt)
    await shop.service.deliver(repriced(receipt, "1"))
    states = [one["state"] for one in await shop.parked()]
    assert states == ["parked", "behind"]
    jam = {"item_id": "jam", "name": "Jam", "base_unit": "jar", "scale": 0}
    assert (await shop.post("/items/import", {"items": [jam]}, "master_data")).is_success
    (culprit, _) = await shop.parked()
    path = f"/ops/parked/{culprit['number']}/release"
    assert (await shop.post(path, {}, "operator")).is_success
    await shop.service.consume_due()
    (fact,) = await shop.facts(StockRevalued)
    assert (fact.item_id, fact.receipt_sequence, fact.sequence) == ("jam", 1, 2)
