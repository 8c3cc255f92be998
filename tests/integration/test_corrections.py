"""What goods cost is corrected by a later invoice, on stock and of what was sold, over HTTP."""

import asyncio
import signal
from decimal import Decimal
from typing import Any
from uuid import uuid4

Json = dict[str, Any]


def invoice_of(receipt: Json, net: str, quantity: str) -> Json:
    """Return an invoice for the only line of a receipt, at an amount before 13 % of tax."""
    (line,) = receipt["lines"]
    tax = (Decimal(net) * 13 / 100).quantize(Decimal("0.01"))
    described = {
        "name": f"*货物*{line['item_id']}",
        "quantity": quantity,
        "net": net,
        "tax_percent": "13",
        "tax": str(tax),
    }
    return {
        "supplier_id": receipt["supplier_id"],
        "number": f"{uuid4().int % 10**20:020}",
        "issued_on": "2026-11-20",
        "seller_name": "Supplier",
        "seller_tax_id": "91310000MA1K3XXXX1",
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "USD",
        "net": net,
        "tax": str(tax),
        "total": str(Decimal(net) + tax),
        "lines": [described],
    }


class Shelf:
    """One item at one site, bought on one receipt."""

    def __init__(self, chain: Any, receipt: Json) -> None:
        self.chain = chain
        self.receipt = receipt
        self.site_id, self.item_id = receipt["site_id"], receipt["lines"][0]["item_id"]

    @classmethod
    async def filled(cls, chain: Any, quantity: str, cost: str) -> "Shelf":
        """Receive so much at this cost, and let it be accrued."""
        site_id, (item_id,) = await chain.make_site(), await chain.make_items(1)
        receipt = await chain.stock_up(site_id, {item_id: (quantity, cost)})
        body = {"receipt_id": receipt["receipt_id"]}
        chain.must(await chain.post("purchasing", "/accruals", body))
        return cls(chain, receipt)

    async def sell(self, quantity: str) -> None:
        """Sell and ship so much of it."""
        customer = await self.chain.make_customer()
        goods = {self.item_id: (quantity, "99")}
        body = self.chain.order_body(customer, self.site_id, goods)
        assert await self.chain.sell(body, str(uuid4())) == "shipped"
        await self.chain.drain()

    async def invoice(self, net: str, quantity: str) -> str:
        """Book and match an invoice, with the consent of a second person; return its path."""
        purchasing = ("purchasing",)
        body = invoice_of(self.receipt, net, quantity)
        booked = self.chain.must(await self.chain.post(*purchasing, "/invoices", body))
        path = f"/invoices/{booked['invoice_id']}"
        held = self.chain.must(await self.chain.post(*purchasing, f"{path}/match", {}))
        assert held["status"] == "held", held
        token = self.chain.stack.token("max", ["finance"], ["*"], 1)
        reason = {"reason": "agreed by phone"}
        accepted = await self.chain.post(*purchasing, f"{path}/accept", reason, token=token)
        self.chain.must(accepted)
        return path

    async def correct(self, unit_cost: str, cause: str = "price_entered_wrong") -> Json:
        """Let two people correct the price of the receipt, without an invoice."""
        path = f"/receipts/{self.receipt['receipt_id']}/repricings"
        body = {
            "cause": cause,
            "document": "letter of 2026-11-20",
            "lines": [{"line_no": 1, "unit_cost": unit_cost}],
        }
        proposed = self.chain.must(await self.chain.post("purchasing", path, body))
        path = f"{path}/{proposed['repricing_id']}/approve"
        token = self.chain.stack.token("max", ["finance"], ["*"], 1)
        approved = await self.chain.post("purchasing", path, None, token=token)
        return dict(self.chain.must(approved))

    async def owed(self) -> str:
        """Return what is owed for the receipt and not invoiced."""
        asked = await self.chain.get("purchasing", "/accruals", site_id=self.site_id)
        page = self.chain.must(asked)
        (found,) = page["items"]
        return str(found["open_net"])

    async def cost(self) -> tuple[str, str]:
        """Return quantity and value of the stock once the bus is drained."""
        await self.chain.drain()
        path = f"/costs/{self.site_id}/{self.item_id}"
        value = self.chain.must(await self.chain.get("costing", path))
        return value["quantity"], value["value"]

    async def sold(self) -> Json:
        """Return the cost of goods sold at the site."""
        asked = await self.chain.get("costing", "/reports/cogs", site_id=self.site_id)
        return dict(self.chain.must(asked))

    async def corrections(self) -> list[Json]:
        """Return the entries that say the goods cost another sum."""
        path = f"/costs/{self.site_id}/{self.item_id}/entries"
        page = self.chain.must(await self.chain.get("costing", path))
        return [one for one in page["items"] if one["kind"] == "revaluation"]


async def test_an_invoice_corrects_stock_and_cost_of_goods_sold_in_proportion(chain: Any) -> None:
    """C7, E5: what is on hand and what was sold, each with its day, cause and document."""
    shelf = await Shelf.filled(chain, "10", "5.00")
    await shelf.sell("4")
    assert (await shelf.cost(), (await shelf.sold())["cogs"]) == (("6", "30"), "20")
    path = await shelf.invoice("60.00", "10")
    assert await shelf.cost() == ("6", "36")
    sold = await shelf.sold()
    assert (sold["cogs"], sold["corrections"], sold["units"], sold["lines"]) == ("24", "4", "4", 1)
    (made,) = await shelf.corrections()
    assert (made["value"], made["cost_of_sales"], made["quantity"]) == ("6", "4", "0")
    invoice = chain.must(await chain.get("purchasing", path))
    assert (made["reason"], made["document_number"]) == ("invoice", invoice["number"])
    assert made["origin"] == 1
    await chain.assert_books_agree(shelf.site_id)
    chain.must(await chain.post("purchasing", f"{path}/unmatch", {"reason": "wrong delivery"}))
    assert await shelf.cost() == ("6", "30")
    sold = await shelf.sold()
    assert (sold["cogs"], sold["corrections"]) == ("20", "0")
    assert [one["value"] for one in await shelf.corrections()] == ["6", "-6"]
    await chain.assert_books_agree(shelf.site_id)


async def test_a_price_corrected_by_hand_is_booked_as_an_invoices_and_can_be_taken_back(
    chain: Any,
) -> None:
    """C7, E5: what is owed, stock and cost of sales, each with its day, cause and document."""
    shelf = await Shelf.filled(chain, "10", "5.00")
    await shelf.sell("4")
    made = await shelf.correct("6.00")
    assert await shelf.cost() == ("6", "36")
    sold = await shelf.sold()
    assert (sold["cogs"], sold["corrections"]) == ("24", "4")
    assert await shelf.owed() == "60"
    (entry,) = await shelf.corrections()
    assert (entry["value"], entry["cost_of_sales"], entry["quantity"]) == ("6", "4", "0")
    assert (entry["reason"], entry["document_number"]) == ("price_entered_wrong", made["number"])
    await chain.assert_books_agree(shelf.site_id)
    await shelf.correct("5.00", "correction_taken_back")
    assert await shelf.cost() == ("6", "30")
    sold = await shelf.sold()
    assert (sold["cogs"], sold["corrections"]) == ("20", "0")
    assert await shelf.owed() == "50"
    # Then comes an invoice over what it should have been: it is measured by what is owed now.
    await shelf.invoice("60.00", "10")
    assert await shelf.cost() == ("6", "36")
    assert await shelf.owed() == "0"
    assert [one["value"] for one in await shelf.corrections()] == ["6", "-6", "6"]
    await chain.assert_books_agree(shelf.site_id)


async def test_what_is_all_sold_corrects_the_cost_of_goods_sold_alone(chain: Any) -> None:
    """C7, E5: no stock, no value; later goods have no part in it."""
    shelf = await Shelf.filled(chain, "3", "2.00")
    await shelf.sell("3")
    await shelf.invoice("3.00", "3")
    assert (await shelf.cost(), (await shelf.sold())["cogs"]) == (("0", "0"), "3")
    (made,) = await shelf.corrections()
    assert (made["value"], made["cost_of_sales"]) == ("0", "-3")
    await chain.assert_books_agree(shelf.site_id)


async def test_invoices_of_parts_correct_as_much_as_one_of_the_whole(chain: Any) -> None:
    """C7: each bears on all that its receipt brought."""
    shelf = await Shelf.filled(chain, "10", "5.00")
    await shelf.sell("5")
    for _ in range(2):
        await shelf.invoice("30.00", "5")
    assert (await shelf.cost(), (await shelf.sold())["cogs"]) == (("5", "30"), "30")
    await chain.assert_books_agree(shelf.site_id)
    rebuild = chain.must(await chain.post("costing", "/rebuilds"))

    async def done() -> Json | None:
        found = chain.must(await chain.get("costing", f"/rebuilds/{rebuild['rebuild_id']}"))
        return found if found["status"] in ("done", "failed") else None

    found = await chain.eventually(done, "the rebuild to end")
    # Of other sites there may be values of facts that tests have told past their owner's archive.
    different = [one for one in found["differences"] if one["site_id"] == shelf.site_id]
    assert (found["status"], different) == ("done", [])


async def test_kill_9_of_whoever_corrects_costs_loses_nothing_and_doubles_nothing(
    chain: Any,
) -> None:
    """C7, E2: each correction once, whatever process dies between the match and the books."""
    shelves = [await Shelf.filled(chain, "10", "5.00") for _ in range(3)]
    for shelf in shelves:
        await shelf.sell("4")

    async def kill() -> None:
        for victim in ("inventory.worker", "costing.worker", "purchasing.relay", "inventory.relay"):
            await asyncio.to_thread(chain.stack.kill, victim, signal.SIGKILL)

    await asyncio.gather(*(shelf.invoice("60.00", "10") for shelf in shelves), kill())
    await asyncio.to_thread(chain.stack.wait_ready, 120)
    for shelf in shelves:
        assert await shelf.cost() == ("6", "36")
        assert (await shelf.sold())["cogs"] == "24"
        (made,) = await shelf.corrections()
        assert (made["value"], made["cost_of_sales"]) == ("6", "4")
        await chain.assert_books_agree(shelf.site_id)
