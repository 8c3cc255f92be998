"""Goods go back to their supplier and receipts are undone, in all books (A1, C7)."""

import asyncio
import signal
from decimal import Decimal
from typing import Any
from uuid import uuid4

Json = dict[str, Any]


async def filled(chain: Any, quantity: str, cost: str) -> Json:
    """Return a booked receipt of one item at a new site, which is accrued."""
    site_id, (item_id,) = await chain.make_site(), await chain.make_items(1)
    receipt = await chain.stock_up(site_id, {item_id: (quantity, cost)})
    body = {"receipt_id": receipt["receipt_id"]}
    chain.must(await chain.post("purchasing", "/accruals", body))
    return dict(receipt)


async def sell(chain: Any, receipt: Json, quantity: str) -> None:
    goods = {receipt["lines"][0]["item_id"]: (quantity, "99")}
    body = chain.order_body(await chain.make_customer(), receipt["site_id"], goods)
    assert await chain.sell(body, str(uuid4())) == "shipped"
    await chain.drain()


async def freeze(chain: Any, receipt: Json, quantity: str) -> None:
    (line,) = receipt["lines"]
    body = {
        "kind": "freeze",
        "site_id": receipt["site_id"],
        "warehouse_id": "floor",
        "reason": "torn",
        "lines": [{"item_id": line["item_id"], "unit": "EA", "quantity": quantity}],
    }
    made = chain.must(await chain.insist("inventory", "/documents", body))
    for step in ("audit", "post"):
        chain.must(await chain.insist("inventory", f"/documents/{made['document_id']}/{step}"))


async def audited(chain: Any, receipt: Json, *lines: Json, **more: Any) -> Json:
    """Return a return that may be posted; another person than who drafted it looked at it."""
    body = {"receipt_id": receipt["receipt_id"], "cause": "defect", "lines": list(lines), **more}
    made = chain.must(await chain.post("purchasing", "/returns", body))
    token = chain.stack.token("max", ["shop_manager"], [receipt["site_id"]], 1)
    path = f"/returns/{made['return_id']}/audit"
    return dict(chain.must(await chain.post("purchasing", path, token=token)))


async def booked(chain: Any, made: Json) -> Json:
    path = f"/returns/{made['return_id']}"

    async def posted() -> Json | None:
        answer = chain.must(await chain.get("purchasing", path))
        return answer if answer["status"] == "posted" else None

    return dict(await chain.eventually(posted, f"return {made['number']} to be booked"))


async def returned(chain: Any, receipt: Json, *lines: Json, **more: Any) -> Json:
    made = await audited(chain, receipt, *lines, **more)
    chain.must(await chain.insist("purchasing", f"/returns/{made['return_id']}/post"))
    return await booked(chain, made)


def part(quantity: str, **more: Any) -> Json:
    return {"receipt_line_no": 1, "quantity": quantity, **more}


async def books(chain: Any, receipt: Json) -> tuple[Decimal, Decimal, Decimal]:
    """Return quantity and value in costing, and the cost of what was sold; all books agree."""
    site_id, item_id = receipt["site_id"], receipt["lines"][0]["item_id"]
    await chain.drain()
    await chain.assert_books_agree(site_id)
    there = chain.must(await chain.get("costing", f"/costs/{site_id}/{item_id}"))
    sums = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    stock = await chain.stock(site_id, item_id)
    assert Decimal(stock["on_hand"]) == Decimal(there["quantity"])
    return Decimal(there["quantity"]), Decimal(there["value"]), Decimal(sums["cogs"])


async def owed(chain: Any, receipt: Json) -> list[Json]:
    """Return what is owed for a receipt, and then claimed back, each with what is open."""
    listed = chain.must(await chain.get("purchasing", "/accruals", site_id=receipt["site_id"]))
    return sorted(listed["items"], key=lambda one: str(one["accrual_id"]))


async def invoiced(chain: Any, receipt: Json, quantity: str, net: str) -> Json:
    """Book an invoice and match it; with a second person's consent if it is held."""
    tax = (Decimal(net) * 13 / 100).quantize(Decimal("0.01"))
    line = {"name": receipt["lines"][0]["item_id"], "quantity": quantity, "net": net}
    body = {
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
        "lines": [{**line, "tax": str(tax), "tax_percent": "13"}],
    }
    made = chain.must(await chain.post("purchasing", "/invoices", body))
    path = f"/invoices/{made['invoice_id']}"
    match = chain.must(await chain.post("purchasing", f"{path}/match", {}))
    if match["status"] == "held":
        token = chain.stack.token("max", ["finance"], ["*"], 1)
        reason = {"reason": "agreed by phone"}
        match = chain.must(await chain.post("purchasing", f"{path}/accept", reason, token=token))
    return dict(match)


async def test_frozen_goods_go_back_at_their_own_cost_and_less_is_owed(chain: Any) -> None:
    """C7: and a later invoice's price is shared by the goods that were kept and those sold."""
    receipt = await filled(chain, "10", "3")
    site_id, item_id = receipt["site_id"], receipt["lines"][0]["item_id"]
    await chain.stock_up(site_id, {item_id: ("10", "1")})
    await freeze(chain, receipt, "4")
    made = await returned(chain, receipt, part("4", goods_status="frozen"))
    assert (made["number"][:3], made["lines"][0]["returned_before"]) == ("PR-", "0")
    assert await books(chain, receipt) == (16, 28, 0)
    (accrual,) = await owed(chain, receipt)
    assert (accrual["net"], accrual["open_net"], accrual["status"]) == ("18", "18", "open")
    await sell(chain, receipt, "13")
    before = await books(chain, receipt)
    match = await invoiced(chain, receipt, "6", "24.00")
    assert match["lines"][0]["difference"] == "6"
    after = await books(chain, receipt)
    assert (after[0], after[1] - before[1], after[2] - before[2]) == (3, 3, 3)
    (accrual,) = await owed(chain, receipt)
    assert (accrual["status"], accrual["open_net"]) == ("cleared", "0")


async def test_invoiced_goods_go_back_for_a_red_letter_invoice_and_nothing_is_left(
    chain: Any,
) -> None:
    """C7: also of goods that are all gone by then; the claim is cleared to exactly zero."""
    receipt = await filled(chain, "10", "3")
    await invoiced(chain, receipt, "10", "31.00")
    await sell(chain, receipt, "7")
    assert await books(chain, receipt) == (3, Decimal("9.3"), Decimal("21.7"))
    made = await returned(chain, receipt, part("3"))
    assert await books(chain, receipt) == (0, 0, Decimal("21.7"))
    accrual, claim = await owed(chain, receipt)
    assert (accrual["status"], claim["return_id"]) == ("cleared", made["return_id"])
    assert (claim["open_net"], claim["open_tax"]) == ("-9.3", "-1.21")
    await invoiced(chain, receipt, "-3", "-9.30")
    _, claim = await owed(chain, receipt)
    assert (claim["status"], claim["open_net"], claim["open_tax"]) == ("cleared", "0", "0")
    assert await books(chain, receipt) == (0, 0, Decimal("21.7"))


async def test_a_receipt_posted_by_mistake_is_reversed_and_its_order_is_open_again(
    chain: Any,
) -> None:
    """A1: by a document that names it, drafted by one person and audited by another."""
    receipt = await filled(chain, "10", "3")
    site_id, item_id = receipt["site_id"], receipt["lines"][0]["item_id"]
    await chain.stock_up(site_id, {item_id: ("5", "2")})
    mistake = {"cause": "reversal", "note": "counted for another order"}
    made = await returned(chain, receipt, **mistake)
    path = f"/receipts/{receipt['receipt_id']}"
    shown = chain.must(await chain.get("purchasing", path))
    assert (shown["status"], shown["reversed_by"]) == ("posted", made["return_id"])
    assert shown["lines"][0]["returned"] == "10"
    assert await books(chain, receipt) == (5, 10, 0)
    (accrual,) = await owed(chain, receipt)
    assert (accrual["status"], accrual["net"]) == ("cleared", "0")
    order = chain.must(await chain.get("purchasing", f"/orders/{receipt['order_id']}"))
    assert (order["status"], order["lines"][0]["open"]) == ("placed", "10")
    body = {"receipt_id": receipt["receipt_id"], **mistake}
    again = await chain.post("purchasing", "/returns", body)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_return")


async def test_what_is_promised_does_not_go_back_and_nothing_goes_back_twice(chain: Any) -> None:
    """C7: the refusal says who holds it; of many who return the same one wins."""
    receipt = await filled(chain, "10", "3")
    site_id, item_id = receipt["site_id"], receipt["lines"][0]["item_id"]
    goods = {item_id: ("8", "99")}
    body = chain.order_body(await chain.make_customer(), site_id, goods)
    order = chain.must(await chain.insist("sales", "/orders", body))
    assert (await chain.settled(order["order_id"]))["status"] == "reserved"
    made = await audited(chain, receipt, part("3"))
    path = f"/returns/{made['return_id']}/post"
    refused = await chain.insist("purchasing", path)
    assert (refused.status_code, refused.json()["code"]) == (409, "goods_not_there")
    (short,) = refused.json()["lines"]
    assert (short["on_hand"], short["available"], short["allocated"]) == ("10", "2", "8")
    assert short["allocated_by"] == [{"order_id": order["order_id"], "quantity": "8"}]
    chain.must(await chain.insist("sales", f"/orders/{order['order_id']}/cancel"))

    async def free() -> bool:
        return bool((await chain.stock(site_id, item_id))["available"] == "10")

    await chain.eventually(free, "the goods to be free")
    answers = await asyncio.gather(*(chain.insist("purchasing", path) for _ in range(5)))
    assert sorted(one.status_code for one in answers)[:1] == [200]
    assert {one.json().get("code", "posted") for one in answers} <= {
        "posted",
        "return_already_posted",
        "version_conflict",
    }
    await booked(chain, made)
    assert await books(chain, receipt) == (7, 21, 0)


async def test_a_return_posted_while_inventory_is_down_waits_and_is_booked_once(
    chain: Any,
) -> None:
    """C7: nothing is half-done meanwhile, and nobody can take it back."""
    receipt = await filled(chain, "10", "3")
    made = await audited(chain, receipt, part("4"))
    path = f"/returns/{made['return_id']}"
    processes = ("inventory.api", "inventory.worker", "inventory.relay")
    for process in processes:
        chain.stack.kill(process, signal.SIGSTOP)
    try:
        key = str(uuid4())
        answer = await chain.post("purchasing", f"{path}/post", None, key)
        assert (answer.status_code, answer.json()["status"]) == (202, "posting")
        cancel = await chain.post("purchasing", f"{path}/cancel")
        assert (cancel.status_code, cancel.json()["code"]) == (409, "return_already_posted")
        (accrual,) = await owed(chain, receipt)
        assert accrual["net"] == "30"
    finally:
        for process in processes:
            chain.stack.kill(process, signal.SIGCONT)
    await booked(chain, made)
    again = await chain.post("purchasing", f"{path}/post", None, key)
    assert again.json()["return_id"] == made["return_id"]
    assert await books(chain, receipt) == (6, 18, 0)
    (accrual,) = await owed(chain, receipt)
    assert accrual["net"] == "18"
    asked = {"site_id": receipt["site_id"], "kind": "purchase_return"}
    waiting = chain.must(await chain.get("purchasing", "/reports/open-documents", **asked))
    assert waiting["items"] == []


async def undoing(chain: Any, made: Json) -> Json:
    """Return the reversal of a return, which another person has audited."""
    body = {"return_id": made["return_id"], "reason": "entered for another receipt"}
    drafted = chain.must(await chain.post("purchasing", "/return-reversals", body))
    token = chain.stack.token("max", ["shop_manager"], [made["site_id"]], 1)
    path = f"/return-reversals/{drafted['reversal_id']}/audit"
    return dict(chain.must(await chain.post("purchasing", path, token=token)))


async def taken_back(chain: Any, reversal: Json) -> Json:
    """Return the return that a reversal, posted by then, has taken back."""
    path = f"/returns/{reversal['return_id']}"

    async def void() -> Json | None:
        answer = chain.must(await chain.get("purchasing", path))
        return answer if answer["status"] == "reversed" else None

    return dict(await chain.eventually(void, f"return {reversal['return_number']} to be void"))


async def undone(chain: Any, made: Json) -> Json:
    reversal = await undoing(chain, made)
    path = f"/return-reversals/{reversal['reversal_id']}/post"
    chain.must(await chain.insist("purchasing", path))
    return await taken_back(chain, reversal)


async def test_a_return_to_a_supplier_is_reversed_and_all_books_are_as_before(chain: Any) -> None:
    """A1, C7: the goods are frozen again, and cost and debt what they did; a later price adds up.

    Some had been sold when they went back, so that the cost of sales had borne a part.
    """
    receipt = await filled(chain, "10", "3")
    site_id, item_id = receipt["site_id"], receipt["lines"][0]["item_id"]
    await chain.stock_up(site_id, {item_id: ("10", "1")})
    await freeze(chain, receipt, "4")
    await sell(chain, receipt, "13")
    before = await books(chain, receipt)
    assert before == (7, 14, 26)
    made = await returned(chain, receipt, part("4", goods_status="frozen"))
    gone = await books(chain, receipt)
    assert (gone[0], gone[1] + gone[2]) == (3, 28)
    void = await undone(chain, made)
    assert void["reversed_by_number"].startswith("RV-")
    assert await books(chain, receipt) == before
    stock = await chain.stock(site_id, item_id)
    assert (stock["on_hand"], stock["frozen"]) == ("7", "4")
    (accrual,) = await owed(chain, receipt)
    assert (accrual["net"], accrual["open_net"], accrual["status"]) == ("30", "30", "open")
    match = await invoiced(chain, receipt, "10", "40.00")
    assert match["lines"][0]["difference"] == "10"
    after = await books(chain, receipt)
    assert after[1] + after[2] == before[1] + before[2] + 10
    again = await returned(chain, receipt, part("4", goods_status="frozen"))
    assert again["lines"][0]["returned_before"] == "0"
    last = await books(chain, receipt)
    assert last[1] + last[2] == after[1] + after[2] - 16


async def test_a_claim_that_a_red_letter_invoice_cleared_keeps_its_return(chain: Any) -> None:
    """A1, C7: what is not cleared is withdrawn with it, and nothing is left."""
    receipt = await filled(chain, "10", "3")
    await invoiced(chain, receipt, "10", "31.00")
    credited = await returned(chain, receipt, part("2"))
    await invoiced(chain, receipt, "-2", "-6.20")
    body = {"return_id": credited["return_id"], "reason": "entered twice"}
    refused = await chain.post("purchasing", "/return-reversals", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "claim_cleared")
    before = await books(chain, receipt)
    made = await returned(chain, receipt, part("3"))
    reversal = await undoing(chain, made)
    path = f"/return-reversals/{reversal['reversal_id']}/post"
    answers = await asyncio.gather(*(chain.insist("purchasing", path) for _ in range(4)))
    assert {one.json().get("code", "posted") for one in answers} <= {
        "posted",
        "reversal_already_posted",
        "version_conflict",
    }
    await taken_back(chain, reversal)
    assert await books(chain, receipt) == before
    claims = [one for one in await owed(chain, receipt) if one["return_id"]]
    assert [(one["status"], one["open_net"]) for one in claims] == [("cleared", "0")] * 2


async def test_a_reversal_posted_while_inventory_is_down_waits_and_is_booked_once(
    chain: Any,
) -> None:
    """A1, C7, E2: others are killed meanwhile; the order counts its goods as received again."""
    receipt = await filled(chain, "10", "3")
    made = await returned(chain, receipt, part("4"), replace=True)
    reversal = await undoing(chain, made)
    path, key = f"/return-reversals/{reversal['reversal_id']}", str(uuid4())
    chain.stack.kill("inventory.api", signal.SIGSTOP)
    try:
        answer = await chain.post("purchasing", f"{path}/post", None, key)
        assert (answer.status_code, answer.json()["status"]) == (202, "posting")
        asked = {"site_id": receipt["site_id"], "kind": "purchase_return_reversal"}
        waiting = chain.must(await chain.get("purchasing", "/reports/open-documents", **asked))
        assert [one["number"] for one in waiting["items"]] == [reversal["number"]]
    finally:
        chain.stack.kill("inventory.api", signal.SIGCONT)
    for victim in ("inventory.relay", "purchasing.worker", "costing.worker"):
        await asyncio.to_thread(chain.stack.kill, victim, signal.SIGKILL)
    await asyncio.to_thread(chain.stack.wait_ready, 120)
    again = await chain.insist("purchasing", f"{path}/post", None, key)
    assert again.json()["reversal_id"] == reversal["reversal_id"]
    await taken_back(chain, reversal)
    assert await books(chain, receipt) == (10, 30, 0)
    order = chain.must(await chain.get("purchasing", f"/orders/{receipt['order_id']}"))
    assert (order["status"], order["lines"][0]["open"]) == ("received", "0")
    (accrual,) = await owed(chain, receipt)
    assert (accrual["net"], accrual["status"]) == ("30", "open")
