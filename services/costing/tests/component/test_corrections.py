"""What receipts turn out to cost, on the database (C7, E2, E5)."""

import random
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.costing import CostOfSalesCorrected
from contracts.inventory import (
    StockFact,
    StockReceived,
    StockReturnedToSupplier,
    StockRevalued,
    StockShipped,
)
from servicekit.clock import now

RECEIPT, INVOICE, ORDER = (UUID(int=n) for n in (21, 72, 81))


class Ledger:
    """What inventory would tell of one item at one site."""

    def __init__(self, item_id: str = "i") -> None:
        self.item_id = item_id
        self.facts: list[StockFact] = []

    def tell(self, kind: type[StockFact], quantity: str, document: UUID, **more: Any) -> StockFact:
        """Write the next entry."""
        common: dict[str, Any] = {
            "site_id": "s",
            "item_id": self.item_id,
            "sequence": len(self.facts) + 1,
            "warehouse_id": "floor",
            "quantity": Decimal(quantity),
            "document_id": document,
            "document_number": f"D-{document.int}",
            "line_no": 1,
            "effective_at": now(),
            "posted_at": now(),
        }
        fact = kind(**common, **more)
        self.facts.append(fact)
        return fact

    def receive(self, quantity: str, cost: str) -> StockFact:
        """Buy goods in."""
        more = {"unit_cost": Decimal(cost), "currency": "USD"}
        return self.tell(StockReceived, quantity, RECEIPT, **more)

    def sell(self, quantity: str) -> StockFact:
        """Ship goods."""
        return self.tell(StockShipped, quantity, UUID(int=90 + len(self.facts)), order_id=ORDER)

    def reprice(self, receipt: StockFact, difference: str, currency: str = "USD") -> StockFact:
        """Let a receipt cost more, or less."""
        return self.tell(
            StockRevalued,
            "0",
            INVOICE,
            receipt_id=receipt.document_id,
            receipt_number=receipt.document_number,
            receipt_sequence=receipt.sequence,
            difference=Decimal(difference),
            currency=currency,
            cause="invoice",
        )

    def send_back(self, receipt: StockFact, quantity: str) -> StockFact:
        """Return goods of a receipt to their supplier."""
        return self.tell(
            StockReturnedToSupplier,
            quantity,
            UUID(int=60 + len(self.facts)),
            reverses=receipt.sequence,
            source="available",
            receipt_id=receipt.document_id,
            receipt_number=receipt.document_number,
            receipt_line_no=1,
        )


@pytest.fixture
def ledger() -> Ledger:
    """Return a stream with a receipt that was partly sold, repriced, and partly sent back."""
    made = Ledger()
    receipt = made.receive("10", "1")
    made.sell("4")
    made.reprice(receipt, "5.01")
    made.receive("5", "3")
    made.sell("7")
    made.reprice(receipt, "-2.00")
    made.send_back(receipt, "2")
    made.reprice(receipt, "1.00")
    made.send_back(receipt, "1")
    return made


async def ask(costing: Any, path: str) -> dict[str, Any]:
    answer = await costing.api.get(path, headers=costing.headers(["finance"]))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def entries(costing: Any, item_id: str = "i") -> list[dict[str, Any]]:
    page = await ask(costing, f"/costs/s/{item_id}/entries")
    return [{**one, "item_id": None, "costed_at": None} for one in page["items"]]


async def test_a_correction_is_an_entry_of_its_own_with_its_cause_and_document(
    costing: Any, ledger: Ledger
) -> None:
    """E5: dated, with a cause; what was booked before stays as it was."""
    await costing.deliver(ledger.facts[:2])
    before = await entries(costing)
    await costing.deliver(ledger.facts[2:3])
    *same, made = await entries(costing)
    assert same == before
    said = (made["kind"], made["reason"], made["document_number"], made["origin"])
    assert said == ("revaluation", "invoice", f"D-{INVOICE.int}", 1)
    assert (made["quantity"], made["value"], made["cost_of_sales"]) == ("0", "3.01", "2")
    assert (await ask(costing, "/costs/s/i"))["value"] == "9.01"


async def test_what_was_sold_is_corrected_by_an_event_and_in_the_cost_of_goods_sold(
    costing: Any, ledger: Ledger
) -> None:
    """C7: margins hear of it, and the event of the sale itself stays as it was."""
    await costing.deliver(ledger.facts[:3])
    events = await costing.events()
    (corrected,) = [one for one in events if isinstance(one, CostOfSalesCorrected)]
    assert (corrected.amount, corrected.cause, corrected.receipt_sequence) == (2, "invoice", 1)
    assert corrected.effective_at == ledger.facts[2].posted_at
    found = await ask(costing, "/reports/cogs")
    assert found == {"cogs": "6", "corrections": "2", "units": "4", "lines": 1}


async def test_what_goes_back_leaves_at_its_own_cost_and_margins_hear_of_the_difference(
    costing: Any, ledger: Ledger
) -> None:
    """C7: 13.01 for ten, of which two go back for 2.60; then nine tenths of a unit dearer each."""
    await costing.deliver(ledger.facts)
    made = await entries(costing)
    left, gone = Decimal("13.01"), []
    for one in (made[6], made[8]):
        assert (one["kind"], one["reason"]) == ("supplier_return", "purchase_return")
        gone.append(-Decimal(one["value"]) - Decimal(one["cost_of_sales"]))
    first = (left * 2 / 10).quantize(Decimal("0.01"))
    second = ((left - first + 1) / 8).quantize(Decimal("0.01"))
    assert gone == [first, second]
    book = await ask(costing, "/costs/s/i")
    assert book["quantity"] == "1"
    sold = Decimal((await ask(costing, "/reports/cogs"))["cogs"])
    assert sold + Decimal(book["value"]) == left + 15 + 1 - first - second
    told = [one for one in await costing.events() if isinstance(one, CostOfSalesCorrected)]
    assert ledger.facts[6].document_id in {one.document_id for one in told}


async def test_what_goes_back_without_having_come_is_parked_with_its_reason(costing: Any) -> None:
    ledger = Ledger()
    receipt = ledger.receive("10", "1")
    ledger.receive("10", "1")
    ledger.send_back(receipt, "11")
    await costing.deliver(ledger.facts)
    answer = await costing.api.get("/ops/parked", headers=costing.headers(["operator"]))
    assert "can't take back entry 1" in answer.json()["items"][0]["error"]


@pytest.mark.parametrize("seed", range(5))
async def test_any_order_and_any_repeats_give_the_same_corrections(
    costing: Any, ledger: Ledger, seed: int
) -> None:
    """E2: batches that hold a receipt with its corrections, or only one of the two."""
    facts = ledger.facts
    await costing.deliver([one.model_copy(update={"item_id": "j"}) for one in facts])
    shuffled = [*facts, *facts]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a repeatable order, no secret
    for at in range(0, len(shuffled), 3):
        await costing.deliver(shuffled[at : at + 3])
    straight, mixed = await entries(costing, "j"), await entries(costing)
    assert len(mixed) == len(facts)
    assert mixed == straight
    corrections = [one for one in await costing.events() if isinstance(one, CostOfSalesCorrected)]
    by_item = [
        sorted((one.sequence, one.amount) for one in corrections if one.item_id == item)
        for item in "ij"
    ]
    assert by_item[0]
    assert by_item[0] == by_item[1]


async def test_a_rebuild_finds_the_same_corrections(
    costing: Any, peer: Any, ledger: Ledger
) -> None:
    """E2: from the archive alone."""
    peer.facts = ledger.facts
    for one in ledger.facts:
        await costing.deliver([one])
    found = await rebuilt(costing)
    assert (found["status"], found["entries"], found["different"]) == ("done", 9, 0)


async def test_a_rebuild_shows_a_correction_that_is_not_alike(
    costing: Any, peer: Any, ledger: Ledger
) -> None:
    sold_out = Ledger()
    receipt = sold_out.receive("10", "1")
    sold_out.sell("10")
    sold_out.reprice(receipt, "5")
    await costing.deliver(sold_out.facts)
    peer.facts = [
        *sold_out.facts[:2],
        sold_out.facts[2].model_copy(update={"difference": Decimal(6)}),
    ]
    (difference,) = (await rebuilt(costing))["differences"]
    assert (difference["sequence"], difference["rebuilt"], difference["live"]) == (3, "0", "0")
    assert (difference["rebuilt_cost_of_sales"], difference["live_cost_of_sales"]) == ("6", "5")


async def rebuilt(costing: Any) -> dict[str, Any]:
    asked = await costing.api.post("/rebuilds", headers=costing.headers(["finance"]))
    await costing.run_job("run_rebuilds")
    return await ask(costing, f"/rebuilds/{asked.json()['rebuild_id']}")


async def test_a_correction_in_another_currency_is_parked_with_its_reason(costing: Any) -> None:
    ledger = Ledger()
    ledger.reprice(ledger.receive("10", "1"), "5", currency="EUR")
    await costing.deliver(ledger.facts)
    assert len(await entries(costing)) == 1
    answer = await costing.api.get("/ops/parked", headers=costing.headers(["operator"]))
    assert "EUR" in answer.json()["items"][0]["error"]


async def test_a_correction_of_what_no_receipt_brought_is_parked_with_its_reason(
    costing: Any,
) -> None:
    ledger = Ledger()
    ledger.receive("10", "1")
    ledger.reprice(ledger.sell("1"), "1")
    await costing.deliver(ledger.facts)
    answer = await costing.api.get("/ops/parked", headers=costing.headers(["operator"]))
    assert "no supplier's receipt" in answer.json()["items"][0]["error"]
