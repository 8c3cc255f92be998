"""Goods go back to their suppliers, receipts are undone, and less is owed for it (A1, C7).

`Shelf` is the network to inventory: a real HTTP peer that lets go of whatever it is asked for,
once for each key, and can refuse or keep silent. That the real one does its part is tested with the
platform running.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import text

from contracts.inventory import (
    DeviceDefined,
    ItemDefined,
    ReceiptBooked,
    SupplierReturnBooked,
    SupplierReturnReversalBooked,
)
from contracts.purchasing import (
    AccrualCleared,
    AccrualRaised,
    AccrualReduced,
    AccrualRestored,
    GoodsReturnPosted,
    GoodsReturnReversed,
    ReceiptRepriced,
    RequisitionReopened,
)
from purchasing.orders import store as orders
from purchasing.suppliers import store as suppliers
from servicekit import client
from servicekit.clock import now, shifted

Json = dict[str, Any]
SELLER = "91310000MA1K3XXXX1"
SHORT: Json = {
    "code": "goods_not_there",
    "detail": "short",
    "lines": [{"line_no": 1, "on_hand": "0"}],
}


class Shelf:
    """The way to inventory; each attribute says how it behaves from now on."""

    def __init__(self) -> None:
        self.refusal: tuple[int, Json] | None = None
        self.done: dict[str, tuple[int, Json]] = {}
        self.asked: list[Json] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def up(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        key = headers["idempotency-key"]
        if key not in self.done:
            self.asked.append(body)
            answer = {"return_id": body["return_id"], "booked_at": now().isoformat()}
            self.done[key] = self.refusal or (201, answer)
        status, said = self.done[key]
        text = json.dumps(said).encode()
        writer.write(
            f"HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\nconnection: close\r\n"
            f"content-length: {len(text)}\r\n\r\n".encode()
        )
        writer.write(text)
        await writer.drain()
        writer.close()


@pytest.fixture
async def shelf(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shelf]:
    """Return the way to inventory, which is up."""
    monkeypatch.setattr(client, "TIMEOUT", httpx2.Timeout(5.0))
    shelf = Shelf()
    await shelf.up()
    yield shelf
    await shelf.down()


@pytest.fixture
def house(shelf: Shelf) -> Json:
    """Let purchasing ask there."""
    return {"inventory_url": f"http://127.0.0.1:{shelf.port}"}


async def received(desk: Any, *lines: tuple[int, str]) -> Json:
    """Return a receipt that inventory has booked."""
    receipt = await desk.posting(*lines)
    placed = [
        {"line_no": line["line_no"], "warehouse_id": "main", "rule": None}
        for line in receipt["lines"]
    ]
    booked = {"receipt_id": receipt["receipt_id"], "site_id": "sh-01", "booked_at": now()}
    await desk.service.deliver([ReceiptBooked.model_validate({**booked, "lines": placed})])
    return dict(receipt)


async def accrued(desk: Any, *lines: tuple[int, str]) -> Json:
    receipt = await received(desk, *lines)
    body = {"receipt_id": receipt["receipt_id"]}
    assert (await desk.send("/accruals", body, "finance")).status_code == 201
    return receipt


def line(number: int, quantity: str, **more: Any) -> Json:
    return {"receipt_line_no": number, "quantity": quantity, **more}


async def draft(desk: Any, receipt: Json, *lines: Json, **more: Any) -> Any:
    body = {"receipt_id": receipt["receipt_id"], "cause": "defect", "lines": list(lines), **more}
    return await desk.send("/returns", body, "clerk", subject="dan")


async def step(desk: Any, made: Json, name: str, **more: Any) -> Any:
    return await desk.send(f"/returns/{made['return_id']}/{name}", None, "shop_manager", **more)


async def book(desk: Any, made: Json) -> Json:
    """Let inventory's fact come; return the return as it is then."""
    fact = SupplierReturnBooked(
        return_id=UUID(made["return_id"]),
        receipt_id=UUID(made["receipt_id"]),
        site_id="sh-01",
        booked_at=now(),
    )
    await desk.service.deliver([fact, fact])
    return dict(await desk.read(f"/returns/{made['return_id']}"))


async def returned(desk: Any, receipt: Json, *lines: Json, **more: Any) -> Json:
    answer = await draft(desk, receipt, *lines, **more)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (await step(desk, made, "audit", subject="eve")).status_code == 200
    posted = await step(desk, made, "post", subject="eve")
    assert (posted.status_code, posted.json()["status"]) == (200, "posting"), posted.text
    return await book(desk, made)


async def told(desk: Any, kind: type) -> list[Any]:
    return [one for one in await desk.service.events() if isinstance(one, kind)]


async def look(desk: Any, path: str, **params: Any) -> Any:
    headers = desk.service.headers(["finance"])
    return (await desk.service.api.get(path, params=params, headers=headers)).json()


async def accruals(desk: Any) -> list[Json]:
    listed = (await look(desk, "/accruals", limit=200))["items"]
    return sorted(listed, key=lambda one: str(one["accrual_id"]))


def invoice(quantity: str, net: str) -> Json:
    """Return an invoice for tea, with 13 % of tax; of a red-letter one all is below zero."""
    tax = (Decimal(net) * 13 / 100).quantize(Decimal("0.01"))
    one = {"name": "tea", "quantity": quantity, "net": net, "tax": str(tax), "tax_percent": "13"}
    return {
        "supplier_id": "acme",
        "number": f"{uuid4().int % 10**20:020}",
        "issued_on": "2026-11-20",
        "seller_name": "Acme",
        "seller_tax_id": SELLER,
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "CNY",
        "net": net,
        "tax": str(tax),
        "total": str(Decimal(net) + tax),
        "lines": [one],
    }


async def matched(desk: Any, quantity: str, net: str, *links: Json) -> Json:
    """Book and match an invoice, with a second person's consent if it is held."""
    booked = (await desk.send("/invoices", invoice(quantity, net), "finance")).json()
    path = f"/invoices/{booked['invoice_id']}"
    answer = await desk.send(f"{path}/match", {"links": list(links)}, "finance", subject="fay")
    assert answer.status_code == 200, answer.text
    if answer.json()["status"] == "held":
        body = {"reason": "agreed"}
        answer = await desk.send(f"{path}/accept", body, "finance", subject="gil")
        assert answer.status_code == 200, answer.text
    return {**answer.json(), "path": path}


async def test_a_return_takes_its_steps_and_tells_what_went_back(desk: Any, shelf: Shelf) -> None:
    """A1: draft, audited, posting until inventory has booked it, then posted for good."""
    receipt = await received(desk, (1, "10"), (2, "3"))
    made = (await draft(desk, receipt, line(1, "1", unit="box", goods_status="frozen"))).json()
    assert (made["number"][:3], made["status"], made["version"]) == ("PR-", "draft", 1)
    early = await step(desk, made, "post")
    assert (early.status_code, early.json()["code"]) == (409, "return_not_audited")
    stale = await step(desk, made, "audit", **{"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    assert (await step(desk, made, "audit")).status_code == 200
    posting = (await step(desk, made, "post")).json()
    assert (posting["status"], await told(desk, GoodsReturnPosted)) == ("posting", [])
    for name, code in (("cancel", 409), ("post", 409), ("audit", 409)):
        assert (await step(desk, made, name)).status_code == code
    (asked,) = shelf.asked
    assert (asked["number"], asked["lines"][0]["status"]) == (made["number"], "frozen")
    posted = await book(desk, made)
    assert (posted["status"], posted["lines"][0]["returned_before"]) == ("posted", "0")
    (fact,) = await told(desk, GoodsReturnPosted)
    assert (fact.key, fact.lines[0].quantity) == (receipt["receipt_id"], 1)
    again = await returned(desk, receipt, line(1, "2"))
    assert again["lines"][0]["returned_before"] == "1"
    shown = await desk.read(f"/receipts/{receipt['receipt_id']}")
    assert [one["returned"] for one in shown["lines"]] == ["3", "0"]


async def test_no_more_goes_back_than_came_and_drafts_claim_what_they_would_return(
    desk: Any,
) -> None:
    """C7: of two who return the last pieces one is refused, with what is left."""
    receipt = await received(desk, (1, "10"))
    answers = await asyncio.gather(*(draft(desk, receipt, line(1, "6")) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    refusal = next(one.json() for one in answers if one.status_code == 409)
    assert refusal["code"] == "return_exceeds_receipt"
    assert refusal["lines"][0]["returnable"] == "4"
    (made,) = [one.json() for one in answers if one.status_code == 201]
    assert (await step(desk, made, "cancel")).status_code == 200
    assert (await draft(desk, receipt, line(1, "10"))).status_code == 201
    nothing = await draft(desk, receipt, line(1, "1"))
    assert nothing.json()["code"] == "nothing_to_return"


@pytest.mark.parametrize(
    ("lines", "more", "code"),
    [
        ([], {}, "return_lines_missing"),
        ([line(1, "1"), line(1, "1")], {}, "return_lines_unclear"),
        ([line(9, "1")], {}, "return_lines_unclear"),
        ([line(1, "1", batch_id="L1")], {}, "returned_goods_differ"),
        ([line(1, "0.5")], {}, "quantity_too_precise"),
        ([line(1, "1", unit="pallet")], {}, "unknown_unit"),
        ([line(1, "1", warehouse_id="moon")], {}, "unknown_warehouse"),
        ([line(1, "1")], {"cause": "other"}, "return_note_missing"),
        ([line(1, "1")], {"cause": "reversal", "note": "n"}, "reversal_is_whole"),
    ],
)
async def test_what_is_unclear_is_refused_by_name(
    desk: Any, lines: list[Json], more: Json, code: str
) -> None:
    receipt = await received(desk, (1, "10"))
    answer = await draft(desk, receipt, *lines, **more)
    assert answer.json()["code"] == code, answer.text


async def test_only_what_inventory_has_on_its_books_can_go_back(desk: Any) -> None:
    posting = await desk.posting((1, "10"))
    answer = await draft(desk, posting, line(1, "1"))
    assert (answer.status_code, answer.json()["code"]) == (409, "receipt_not_booked")


async def test_goods_go_back_by_the_names_they_came_with(desk: Any) -> None:
    item = ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0, tracking="serial")
    await desk.service.deliver([item])
    order = (await desk.order()).json()
    counted = {"order_line_no": 1, "quantity": "2", "serials": ["A", "B"]}
    body = {"order_id": order["order_id"], "lines": [counted], "post": True}
    receipt = (await desk.send("/receipts", body, "clerk")).json()
    booked = {"receipt_id": receipt["receipt_id"], "site_id": "sh-01", "booked_at": now()}
    await desk.service.deliver([ReceiptBooked.model_validate(booked)])
    for serials in ([], ["C"], ["A", "B"]):
        wrong = await draft(desk, receipt, line(1, "1", serials=serials))
        assert wrong.json()["code"] == "returned_goods_differ"
    assert (await draft(desk, receipt, line(1, "1", serials=["A"]))).status_code == 201
    taken = await draft(desk, receipt, line(1, "1", serials=["A"]))
    assert taken.json()["lines"][0]["serials_returnable"] == ["B"]


async def test_what_inventory_refuses_is_said_and_can_be_posted_again(
    desk: Any, shelf: Shelf
) -> None:
    """C7: nothing is posted that the shelf doesn't have, and nothing is lost."""
    receipt = await received(desk, (1, "10"))
    made = (await draft(desk, receipt, line(1, "4"))).json()
    await step(desk, made, "audit")
    shelf.refusal = (409, SHORT)
    key = str(uuid4())
    for _ in range(2):
        answer = await step(desk, made, "post", key=key, subject="eve")
        assert (answer.status_code, answer.json()["code"]) == (409, "goods_not_there")
        assert answer.json()["lines"] == SHORT["lines"]
    held = await desk.read(f"/returns/{made['return_id']}")
    assert held["status"] == "audited"
    assert held["held_since"]
    assert "does not have" in held["held_cause"]
    (waiting,) = (await desk.read("/reports/open-documents", kind="purchase_return"))["items"]
    assert (waiting["number"], waiting["waits_for"]) == (made["number"], "mending")
    shelf.refusal = (422, {"code": "serials_missing", "detail": "Name them."})
    other = await step(desk, made, "post")
    assert other.json()["code"] == "return_refused"
    assert "Name them." in other.json()["detail"]
    shelf.refusal = None
    assert (await step(desk, made, "post")).json()["held_cause"] is None
    assert (await book(desk, made))["status"] == "posted"
    assert not (await desk.read("/reports/open-documents", kind="purchase_return"))["items"]


async def test_while_inventory_is_away_the_return_waits_and_is_settled_by_itself(
    desk: Any, shelf: Shelf
) -> None:
    """C7: nothing half-done: nobody can cancel what inventory may have heard."""
    receipt = await received(desk, (1, "10"))
    made = (await draft(desk, receipt, line(1, "4"))).json()
    await step(desk, made, "audit")
    await shelf.down()
    answer = await step(desk, made, "post")
    assert (answer.status_code, answer.json()["status"]) == (202, "posting")
    assert (await step(desk, made, "cancel")).json()["code"] == "return_already_posted"
    with shifted(timedelta(seconds=60)):
        await desk.service.run_job("settle_postings")
        assert shelf.asked == []
        await shelf.up()
        for _ in range(2):
            await desk.service.run_job("settle_postings")
    assert len(shelf.asked) == 1
    assert (await book(desk, made))["status"] == "posted"


async def test_a_receipt_posted_by_mistake_is_undone_whole_by_another_person(desk: Any) -> None:
    """A1: by a document that names it; its order's lines are open again."""
    receipt = await received(desk, (1, "100"), (2, "20.5"))
    order = await desk.read(f"/orders/{receipt['order_id']}")
    assert order["status"] == "received"
    mistake = {"cause": "reversal", "note": "of another order"}
    made = (await draft(desk, receipt, **mistake)).json()
    assert [one["quantity"] for one in made["lines"]] == ["100", "20.5"]
    alone = await step(desk, made, "audit", subject="dan")
    assert alone.json()["code"] == "reversal_needs_another"
    assert (await step(desk, made, "audit", subject="eve")).status_code == 200
    assert (await step(desk, made, "post", subject="dan")).status_code == 200
    await book(desk, made)
    shown = await desk.read(f"/receipts/{receipt['receipt_id']}")
    assert (shown["status"], shown["reversed_by_number"]) == ("posted", made["number"])
    assert shown["reversed_by"] == made["return_id"]
    order = await desk.read(f"/orders/{receipt['order_id']}")
    assert (order["status"], [one["open"] for one in order["lines"]]) == ("placed", ["100", "20.5"])
    body = {"receipt_id": receipt["receipt_id"]}
    nothing = await desk.send("/accruals", body, "finance")
    assert (nothing.json()["status"], nothing.json()["net"]) == ("cleared", "0")
    again = await draft(desk, receipt, **mistake)
    assert again.json()["code"] == "nothing_to_return"


async def test_a_receipt_of_which_something_went_back_is_not_undone(desk: Any) -> None:
    receipt = await received(desk, (1, "10"))
    await returned(desk, receipt, line(1, "1"))
    answer = await draft(desk, receipt, cause="reversal", note="mistake")
    assert answer.json()["code"] == "receipt_returned_in_part"


@pytest.mark.parametrize(("replace", "left"), [(True, "94"), (False, "90")])
async def test_the_supplier_owes_goods_again_only_where_others_are_wanted_for_them(
    desk: Any,
    replace: bool,  # noqa: FBT001 - pytest gives it
    left: str,
) -> None:
    receipt = await received(desk, (1, "10"))
    await returned(desk, receipt, line(1, "4"), replace=replace)
    order = await desk.read(f"/orders/{receipt['order_id']}")
    assert order["lines"][0]["open"] == left


async def test_what_is_not_invoiced_is_owed_no_more_to_the_cent(desk: Any) -> None:
    """C7: 10 at 12.5 less 3 less 7 is nothing."""
    receipt = await accrued(desk, (1, "10"))
    await returned(desk, receipt, line(1, "3"))
    (owed,) = await accruals(desk)
    assert (owed["net"], owed["open_net"], owed["open_tax"]) == ("87.5", "87.5", "11.37")
    await returned(desk, receipt, line(1, "7"))
    (owed,) = await accruals(desk)
    assert (owed["net"], owed["tax"], owed["status"]) == ("0", "0", "cleared")
    reduced = await told(desk, AccrualReduced)
    assert [one.net for one in reduced] == [Decimal("87.5"), 0]


async def test_what_is_accrued_after_a_return_is_for_what_was_kept(desk: Any) -> None:
    receipt = await received(desk, (1, "10"), (2, "2"))
    await returned(desk, receipt, line(1, "4"), line(2, "2"))
    body = {"receipt_id": receipt["receipt_id"]}
    raised = (await desk.send("/accruals", body, "finance")).json()
    owed = await look(desk, f"/accruals/{raised['accrual_id']}")
    assert [(one["item_id"], one["quantity"]) for one in owed["lines"]] == [("tea", "6")]
    assert owed["net"] == "75"


async def test_invoices_are_compared_with_what_was_received_and_not_returned(desk: Any) -> None:
    """C4, C7: an invoice for all that came is held, one for what was kept is matched."""
    receipt = await accrued(desk, (1, "10"))
    await returned(desk, receipt, line(1, "4"))
    over = (await desk.send("/invoices", invoice("10", "125.00"), "finance")).json()
    held = await desk.send(f"/invoices/{over['invoice_id']}/match", {}, "finance")
    assert held.json()["status"] == "held"
    (quantity,) = [one for one in held.json()["differences"] if one["cause"] == "quantity"]
    assert (quantity["invoiced"], quantity["expected"]) == ("10", "6")
    done = await matched(desk, "6", "75.00")
    assert (done["status"], done["differences"]) == ("applied", [])
    (owed,) = await accruals(desk)
    assert (owed["status"], owed["open_net"]) == ("cleared", "0")


async def test_an_invoice_for_goods_that_all_went_back_is_held_for_each_difference(
    desk: Any,
) -> None:
    """C4, C7: whether they went back before it was matched or while it was held."""
    receipt = await accrued(desk, (1, "10"))
    one = {"invoice_line_no": 1, "quantity": "10"}
    links = [{**one, "receipt_id": receipt["receipt_id"], "receipt_line_no": 1}]
    first, second = [
        (await desk.send("/invoices", invoice("10", "130.00"), "finance")).json() for _ in range(2)
    ]

    async def send(booked: Json, name: str, body: Json, subject: str = "fay") -> Any:
        path = f"/invoices/{booked['invoice_id']}/{name}"
        return await desk.send(path, body, "finance", subject=subject)

    assert (await send(first, "match", {"links": links})).json()["status"] == "held"
    await returned(desk, receipt, line(1, "10"))
    refused = await send(first, "accept", {"reason": "agreed"}, "gil")
    assert (refused.status_code, refused.json()["code"]) == (409, "invoice_differences_changed")
    held = (await send(second, "match", {"links": links})).json()
    causes = {one["cause"]: one["expected"] for one in held["differences"]}
    assert (held["status"], causes) == ("held", {"quantity": "0", "price": "0", "total": "0"})


async def test_invoiced_goods_are_claimed_back_until_a_red_letter_invoice_clears_it(
    desk: Any,
) -> None:
    """C7, H5: at what the invoice said; nothing is left, and nothing is repriced by it."""
    receipt = await accrued(desk, (1, "10"))
    link = {"invoice_line_no": 1, "receipt_id": receipt["receipt_id"], "receipt_line_no": 1}
    await matched(desk, "10", "131.00", {**link, "quantity": "10"})
    assert [one.lines[0].difference for one in await told(desk, ReceiptRepriced)] == [6]
    made = await returned(desk, receipt, line(1, "3"))
    owed, claim = await accruals(desk)
    assert (owed["status"], owed["net"]) == ("cleared", "125")
    assert (claim["return_id"], claim["cause"]) == (made["return_id"], "return")
    assert (claim["net"], claim["tax"], claim["open_net"]) == ("-39.3", "-5.11", "-39.3")
    raised = (await told(desk, AccrualRaised))[-1]
    assert (raised.net, raised.books_net) == (Decimal("-39.3"), Decimal("-39.3"))
    red = await matched(desk, "-3", "-39.30")
    assert (red["status"], red["differences"]) == ("applied", [])
    assert red["lines"][0]["return_id"] == made["return_id"]
    _, claim = await accruals(desk)
    assert (claim["status"], claim["open_net"], claim["open_tax"]) == ("cleared", "0", "0")
    assert len(await told(desk, AccrualCleared)) == 2
    assert len(await told(desk, ReceiptRepriced)) == 1
    undo = await desk.send(f"{red['path']}/unmatch", {"reason": "wrong one"}, "finance")
    assert undo.status_code == 200, undo.text
    _, claim = await accruals(desk)
    assert (claim["status"], claim["open_net"]) == ("open", "-39.3")


async def test_claims_of_parts_add_up_to_what_was_invoiced(desk: Any) -> None:
    """C7: of 10 for 100.00 the parts are 33.33, 33.34 and the rest; less credit is a difference."""
    receipt = await accrued(desk, (1, "9"))
    await matched(desk, "9", "100.00")
    for part in ("3", "3", "3"):
        await returned(desk, receipt, line(1, part))
    claims = [one for one in await accruals(desk) if one["return_id"]]
    assert [one["net"] for one in claims] == ["-33.33", "-33.34", "-33.33"]
    less = {
        "invoice_line_no": 1,
        "receipt_id": receipt["receipt_id"],
        "receipt_line_no": 1,
        "quantity": "3",
        "return_id": claims[0]["return_id"],
    }
    before = len(await told(desk, ReceiptRepriced))
    await matched(desk, "-3", "-30.00", less)
    repriced = (await told(desk, ReceiptRepriced))[before:]
    assert [one.lines[0].difference for one in repriced] == [Decimal("3.33")]
    claims = [one for one in await accruals(desk) if one["return_id"]]
    assert [one["status"] for one in claims] == ["cleared", "open", "open"]


async def test_what_is_not_invoiced_goes_first(desk: Any) -> None:
    receipt = await accrued(desk, (1, "10"))
    await matched(desk, "6", "75.00")
    await returned(desk, receipt, line(1, "5"))
    owed, claim = await accruals(desk)
    assert (owed["net"], owed["status"]) == ("75", "cleared")
    assert claim["net"] == "-12.5"


async def test_a_link_to_a_claim_is_for_red_letter_invoices_of_its_receipt(desk: Any) -> None:
    receipt = await accrued(desk, (1, "10"))
    await matched(desk, "10", "125.00")
    made = await returned(desk, receipt, line(1, "3"))
    link = {
        "invoice_line_no": 1,
        "receipt_id": receipt["receipt_id"],
        "receipt_line_no": 1,
        "quantity": "3",
        "return_id": made["return_id"],
    }
    for number, said in (("3", link), ("-3", {**link, "receipt_id": str(uuid4())})):
        net = str(Decimal(number) * Decimal("12.5"))
        booked = (await desk.send("/invoices", invoice(number, net), "finance")).json()
        path = f"/invoices/{booked['invoice_id']}/match"
        answer = await desk.send(path, {"links": [said]}, "finance")
        assert answer.json()["code"] == "unknown_links", answer.text


async def test_a_supplier_sees_its_own_returns_once_they_are_posted(desk: Any) -> None:
    """C2, C7: another's, and what is only drafted, are as if they weren't there."""
    assert (await desk.supplier(supplier_id="other")).status_code == 201
    for supplier_id, user in (("acme", "ann"), ("other", "olaf")):
        await desk.send(f"/suppliers/{supplier_id}/users", {"subject": user}, "buyer")
    receipt = await received(desk, (1, "10"))
    posted = await returned(desk, receipt, line(1, "1"), note="torn")
    drafted = (await draft(desk, receipt, line(1, "1"))).json()

    async def see(path: str, user: str) -> Any:
        headers = desk.service.headers(["supplier"], [], subject=user)
        return await desk.service.api.get(f"/portal/returns{path}", headers=headers)

    mine = (await see("", "ann")).json()["items"]
    assert [(one["number"], one["note"]) for one in mine] == [(posted["number"], "torn")]
    one = (await see(f"/{posted['return_id']}", "ann")).json()
    assert one["lines"][0]["quantity"] == "1"
    assert (await see("", "olaf")).json()["items"] == []
    for made, user in ((posted, "olaf"), (drafted, "ann")):
        hidden = await see(f"/{made['return_id']}", user)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "unknown_purchase_return")


async def test_returns_are_listed_printed_and_leave_as_a_file(desk: Any) -> None:
    """H6."""
    receipt = await received(desk, (1, "10"))
    made = await returned(desk, receipt, line(1, "1"), note="<torn>")
    filters = ({"status": "posted"}, {"receipt_id": receipt["receipt_id"]}, {"cause": "defect"})
    for wanted in filters:
        listed = (await desk.read("/returns", **wanted))["items"]
        assert [one["number"] for one in listed] == [made["number"]]
    assert (await desk.read("/returns", status="draft"))["items"] == []
    assert (await desk.read("/returns", sites=("bj-01",)))["items"] == []
    headers = desk.service.headers(["buyer"])
    for name, kind in (("label", "image/svg+xml"), ("print", "text/html")):
        path = f"/returns/{made['return_id']}/{name}"
        page = await desk.service.api.get(path, headers=headers)
        assert page.headers["content-type"].startswith(kind)
        assert made["number"] in page.text
    assert "&lt;torn&gt;" in page.text
    file = await desk.service.api.get("/exports/returns", headers=headers)
    assert made["number"] in file.text


async def test_another_site_s_returns_are_not_touched(desk: Any) -> None:
    receipt = await received(desk, (1, "10"))
    elsewhere = {"sites": ("bj-01",)}
    body = {"receipt_id": receipt["receipt_id"], "cause": "defect", "lines": [line(1, "1")]}
    assert (await desk.send("/returns", body, "clerk", **elsewhere)).status_code == 403
    made = (await draft(desk, receipt, line(1, "1"))).json()
    for name in ("audit", "post", "cancel"):
        assert (await step(desk, made, name, **elsewhere)).status_code == 403
    clerk = await desk.send(f"/returns/{made['return_id']}/audit", None, "clerk")
    assert clerk.status_code == 403


async def undo(desk: Any, made: Json, **more: Any) -> Any:
    body = {"return_id": made["return_id"], "reason": "entered twice"}
    return await desk.send("/return-reversals", body, "clerk", **{"subject": "dan", **more})


async def advance(desk: Any, reversal: Json, name: str, **more: Any) -> Any:
    path = f"/return-reversals/{reversal['reversal_id']}/{name}"
    return await desk.send(path, None, "shop_manager", **{"subject": "eve", **more})


async def undoing(desk: Any, made: Json) -> Json:
    """Return the reversal of a return, which may be posted."""
    drafted = await undo(desk, made)
    assert drafted.status_code == 201, drafted.text
    answer = await advance(desk, drafted.json(), "audit")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def let_book(desk: Any, *reversals: Json) -> None:
    facts = [
        SupplierReturnReversalBooked(
            reversal_id=UUID(reversal["reversal_id"]),
            return_id=UUID(reversal["return_id"]),
            receipt_id=UUID(reversal["receipt_id"]),
            site_id="sh-01",
            booked_at=now(),
        )
        for reversal in reversals
    ]
    await desk.service.deliver([*facts, *facts])


async def undone(desk: Any, made: Json) -> Json:
    """Return the reversal of a return, booked."""
    reversal = await undoing(desk, made)
    posted = await advance(desk, reversal, "post")
    assert (posted.status_code, posted.json()["status"]) == (200, "posting"), posted.text
    await let_book(desk, reversal)
    return dict(await desk.read(f"/return-reversals/{reversal['reversal_id']}"))


async def test_a_return_posted_by_mistake_is_taken_back_and_may_go_back_again(
    desk: Any, shelf: Shelf
) -> None:
    """A1: drafted by one person, audited by another; the question is the same to the letter."""
    receipt = await received(desk, (1, "10"))
    made = await returned(desk, receipt, line(1, "4"))
    drafted = (await undo(desk, made)).json()
    assert drafted["return_number"] == made["number"]
    alone = await advance(desk, drafted, "audit", subject="dan")
    assert alone.json()["code"] == "reversal_needs_another"
    early = await advance(desk, drafted, "post")
    assert early.json()["code"] == "reversal_not_audited"
    assert (await advance(desk, drafted, "audit")).json()["status"] == "audited"
    answers = await asyncio.gather(*(advance(desk, drafted, "post") for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409]
    assert shelf.asked[-1]["lines"] == [{"line_no": 1, "about_line_no": 1}]
    assert (await desk.read(f"/returns/{made['return_id']}"))["status"] == "posted"
    await let_book(desk, drafted)
    shown = await book(desk, made)
    assert (shown["status"], shown["reversed_by_number"]) == ("reversed", drafted["number"])
    (fact,) = await told(desk, GoodsReturnReversed)
    assert (fact.number, fact.return_number) == (drafted["number"], made["number"])
    assert (fact.key, str(fact.lines[0].quantity)) == (receipt["receipt_id"], "4")
    again = await undo(desk, made)
    assert (again.status_code, again.json()["code"]) == (409, "return_already_reversed")
    shown = await desk.read(f"/receipts/{receipt['receipt_id']}")
    assert shown["lines"][0]["returned"] == "0"
    assert (await returned(desk, receipt, line(1, "10")))["lines"][0]["returned_before"] == "0"


async def test_one_reversal_of_a_return_is_drafted_at_a_time_and_none_of_a_reversal(
    desk: Any,
) -> None:
    receipt = await received(desk, (1, "10"))
    waiting = (await draft(desk, receipt, line(1, "1"))).json()
    early = await undo(desk, waiting)
    assert early.json()["code"] == "return_not_reversible"
    await step(desk, waiting, "cancel")
    made = await returned(desk, receipt, line(1, "4"))
    answers = await asyncio.gather(*(undo(desk, made) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    (drafted,) = [one.json() for one in answers if one.status_code == 201]
    refused = next(one.json() for one in answers if one.status_code == 409)
    assert (refused["code"], refused["reversal_number"]) == (
        "reversal_under_way",
        drafted["number"],
    )
    assert (await advance(desk, drafted, "cancel")).json()["status"] == "cancelled"
    assert (await undo(desk, made)).status_code == 201
    other = await received(desk, (1, "10"))
    mistake = await returned(desk, other, cause="reversal", note="mistake")
    refused = (await undo(desk, mistake)).json()
    assert refused["code"] == "reversal_not_reversible"


async def test_what_was_owed_less_is_owed_again_to_the_cent(desk: Any) -> None:
    """A1, C7: whichever part is undone; and an invoice for all of it clears it."""
    receipt = await accrued(desk, (1, "9"))
    first = await returned(desk, receipt, line(1, "4"))
    await returned(desk, receipt, line(1, "5"))
    (owed,) = await accruals(desk)
    assert (owed["net"], owed["status"]) == ("0", "cleared")
    await undone(desk, first)
    (owed,) = await accruals(desk)
    assert (owed["net"], owed["open_net"], owed["open_tax"], owed["status"]) == (
        "50",
        "50",
        "6.5",
        "open",
    )
    (restored,) = await told(desk, AccrualRestored)
    assert (restored.net, restored.return_number) == (Decimal(50), first["number"])
    await matched(desk, "4", "50.00")
    (owed,) = await accruals(desk)
    assert (owed["open_net"], owed["open_tax"], owed["status"]) == ("0", "0", "cleared")


async def test_what_is_owed_for_since_the_return_is_extended_to_what_was_kept_after_all(
    desk: Any,
) -> None:
    """A1: a line of which all had gone back is owed for anew."""
    receipt = await received(desk, (1, "10"), (2, "2"))
    made = await returned(desk, receipt, line(1, "4"), line(2, "2"))
    body = {"receipt_id": receipt["receipt_id"]}
    raised = (await desk.send("/accruals", body, "finance")).json()
    await undone(desk, made)
    owed = await look(desk, f"/accruals/{raised['accrual_id']}")
    assert [(one["item_id"], one["quantity"]) for one in owed["lines"]] == [
        ("tea", "10"),
        ("rice", "2"),
    ]
    other = await received(desk, (1, "10"), (2, "2"))
    whole = await desk.send("/accruals", {"receipt_id": other["receipt_id"]}, "finance")
    assert (owed["net"], owed["tax"]) == (whole.json()["net"], whole.json()["tax"])


async def test_a_claim_is_withdrawn_unless_a_red_letter_invoice_has_cleared_it(desk: Any) -> None:
    """A1, C7: the refusal names the claim and its sums; what is withdrawn can be claimed anew."""
    receipt = await accrued(desk, (1, "10"))
    await matched(desk, "10", "131.00")
    made = await returned(desk, receipt, line(1, "3"))
    red = await matched(desk, "-3", "-39.30")
    refused = await undo(desk, made)
    assert (refused.status_code, refused.json()["code"]) == (409, "claim_cleared")
    assert (refused.json()["cleared"], refused.json()["net"]) == ("39.30", "39.30")
    await desk.send(f"{red['path']}/unmatch", {"reason": "wrong one"}, "finance")
    await undone(desk, made)
    owed, claim = await accruals(desk)
    assert (owed["net"], owed["status"]) == ("125", "cleared")
    assert (claim["net"], claim["open_net"], claim["status"]) == ("0", "0", "cleared")
    anew = await returned(desk, receipt, line(1, "3"))
    claims = {one["return_id"]: one["net"] for one in await accruals(desk) if one["return_id"]}
    assert claims[anew["return_id"]] == "-39.3"


async def test_a_claim_that_is_cleared_while_inventory_is_asked_is_owed_for_anew(
    desk: Any,
) -> None:
    """A1, C7: what the supplier gave back for goods that were kept is the supplier's again."""
    receipt = await accrued(desk, (1, "10"))
    await matched(desk, "10", "131.00")
    made = await returned(desk, receipt, line(1, "3"))
    reversal = await undoing(desk, made)
    assert (await advance(desk, reversal, "post")).json()["status"] == "posting"
    await matched(desk, "-3", "-39.30")
    await let_book(desk, reversal)
    owed, claim = await accruals(desk)
    assert (claim["open_net"], claim["status"]) == ("0", "cleared")
    assert (owed["open_net"], owed["open_tax"], owed["status"]) == ("39.3", "5.11", "open")


async def test_goods_that_others_had_been_wanted_for_are_received_as_before(desk: Any) -> None:
    """A1: unless the others have come already: then it is an over-receipt."""
    receipt = await received(desk, (1, "100"), (2, "20.5"))
    order_path = f"/orders/{receipt['order_id']}"
    made = await returned(desk, receipt, line(1, "4"), replace=True)
    assert (await desk.read(order_path))["status"] == "placed"
    reversal = await undoing(desk, made)
    assert (await advance(desk, reversal, "post")).status_code == 200
    assert (await desk.read(order_path))["lines"][0]["arriving"] == "4"
    close = await desk.send(f"{order_path}/close", {"reason": "enough"}, "buyer")
    assert close.status_code == 409
    await let_book(desk, reversal)
    order = await desk.read(order_path)
    assert (order["status"], order["lines"][0]["arriving"]) == ("received", "0")
    other = await returned(desk, receipt, line(1, "4"), replace=True)
    again = await desk.draft(receipt["order_id"], (1, "4"))
    assert again.status_code == 201, again.text
    late = await advance(desk, await undoing(desk, other), "post")
    assert (late.status_code, late.json()["code"]) == (422, "over_receipt")


async def test_a_reversal_waits_for_inventory_or_is_told_why_not(desk: Any, shelf: Shelf) -> None:
    """A1: nobody takes it back meanwhile; what is refused is audited, and expects nothing."""
    receipt = await received(desk, (1, "10"))
    made = await returned(desk, receipt, line(1, "4"), replace=True)
    reversal, key = await undoing(desk, made), str(uuid4())
    await shelf.down()
    waits = await advance(desk, reversal, "post", key=key)
    assert (waits.status_code, waits.json()["status"]) == (202, "posting")
    cancel = await advance(desk, reversal, "cancel")
    assert cancel.json()["code"] == "reversal_already_posted"
    asked = {"kind": "purchase_return_reversal"}
    (waiting,) = (await desk.read("/reports/open-documents", **asked))["items"]
    assert (waiting["number"], waiting["waits_for"]) == (reversal["number"], "booking")
    await shelf.up()
    shelf.refusal = (409, {"code": "serial_on_hand", "detail": "it is on hand"})
    with shifted(timedelta(minutes=1)):
        await desk.service.run_job("settle_reversals")
    held = await desk.read(f"/return-reversals/{reversal['reversal_id']}")
    assert (held["status"], "it is on hand" in held["held_cause"]) == ("audited", True)
    order = await desk.read(f"/orders/{receipt['order_id']}")
    assert order["lines"][0]["arriving"] == "0"
    refused = await advance(desk, reversal, "post")
    assert (refused.status_code, refused.json()["code"]) == (409, "reversal_refused")
    shelf.refusal = None
    assert (await advance(desk, reversal, "post")).json()["status"] == "posting"
    await let_book(desk, reversal)
    assert (await desk.read("/reports/open-documents", **asked))["items"] == []
    listed = await desk.read("/return-reversals", return_id=made["return_id"], status="posted")
    assert [one["number"] for one in listed["items"]] == [reversal["number"]]


async def test_a_receipt_undone_opens_the_requisition_of_a_closed_order_again(desk: Any) -> None:
    """A1, C1: what was asked for did not come, so that it is to be ordered again."""
    wish = {
        "item_id": "tea",
        "warehouse_id": "main",
        "quantity": "10",
        "unit": "box",
        "needed_by": "2099-02-01",
        "supplier_id": "acme",
        "note": None,
    }
    body = {"site_id": "sh-01", "lines": [wish]}
    asked = (await desk.send("/requisitions", body, "clerk", subject="li")).json()
    place = f"/requisitions/{asked['requisition_id']}"
    approved = await desk.send(f"{place}/approve", None, "shop_manager", subject="bo")
    assert approved.status_code == 200, approved.text
    pick = {"requisition_id": asked["requisition_id"], "line_no": 1, "unit_cost": "9"}
    ordered = await desk.send("/requisitions/order", {"lines": [pick]}, "buyer")
    assert ordered.status_code == 201, ordered.text
    (order,) = ordered.json()["orders"]
    receipt = (await desk.draft(order["order_id"], (1, "10"))).json()
    for name in ("audit", "post"):
        assert (await desk.step(receipt["receipt_id"], name)).status_code == 200
    fact = {"receipt_id": receipt["receipt_id"], "site_id": "sh-01", "booked_at": now()}
    await desk.service.deliver([ReceiptBooked.model_validate({**fact, "lines": []})])
    closed = await desk.send(f"/orders/{order['order_id']}/close", {"reason": "done"}, "buyer")
    assert closed.status_code == 200, closed.text
    await returned(desk, receipt, cause="reversal", note="of another order")
    (open_again,) = (await desk.read(place))["lines"]
    assert (open_again["ordered"], open_again["open"]) == ("0", "10")
    (reopened,) = await told(desk, RequisitionReopened)
    assert (reopened.reason, reopened.lines[0].open) == (order["number"], 10)


async def test_inventory_is_told_with_which_device_goods_go_back_and_are_kept(
    desk: Any, shelf: Shelf
) -> None:
    """A8: the one it is posted with, at every attempt; a site's own, and one that is trusted."""
    gun = {"site_id": "sh-01", "name": "gun", "kind": "scanner", "revoked": False}
    await desk.service.deliver([DeviceDefined(device_id="gun-1", **gun)])
    receipt = await received(desk, (1, "10"))
    made = (await draft(desk, receipt, line(1, "4"))).json()
    assert (await step(desk, made, "audit")).status_code == 200
    unknown = await step(desk, made, "post", **{"X-Device-Id": "gun-9"})
    assert (unknown.status_code, unknown.json()["code"]) == (403, "unknown_device")
    await shelf.down()
    waits = await step(desk, made, "post", **{"X-Device-Id": "gun-1"})
    assert (waits.status_code, waits.json()["device_id"]) == (202, "gun-1")
    await shelf.up()
    with shifted(timedelta(minutes=10)):
        await desk.service.run_job("settle_postings")
    assert [one["device_id"] for one in shelf.asked] == ["gun-1"]
    reversal = await undoing(desk, await book(desk, made))
    posted = await advance(desk, reversal, "post", **{"X-Device-Id": "gun-1"})
    assert (posted.status_code, posted.json()["device_id"]) == (200, "gun-1")
    assert shelf.asked[-1]["device_id"] == "gun-1"


async def test_without_a_device_inventory_is_asked_as_before(desk: Any, shelf: Shelf) -> None:
    """A question that waits since then stays the same to the letter."""
    made = await returned(desk, await received(desk, (1, "10")), line(1, "4"))
    assert (await desk.read(f"/returns/{made['return_id']}"))["device_id"] is None
    assert "device_id" not in shelf.asked[0]


async def late_receipt(desk: Any) -> Json:
    """Return a receipt of all of an order that was due three weeks ago, from the day of order."""
    order = (await desk.order(due_date=str((now() - timedelta(days=21)).date()))).json()
    made = (await desk.draft(order["order_id"], (1, "100"), (2, "20.5"))).json()
    for name in ("audit", "post"):
        assert (await desk.step(made["receipt_id"], name)).status_code == 200
    booked = {"receipt_id": made["receipt_id"], "site_id": "sh-01", "booked_at": now()}
    await desk.service.deliver([ReceiptBooked.model_validate({**booked, "lines": []})])
    return dict(made)


async def suspended(desk: Any, days: int) -> list[str]:
    """Return the lines that suspend the supplier, so many days from now."""
    with shifted(timedelta(days=days)):
        await desk.service.run_job("watch_overdue")
    lines = (await desk.read("/suppliers/acme/suspension"))["lines"]
    return [str(name).rpartition("/")[2] for name in lines]


async def test_what_is_to_replace_goods_is_due_after_the_lead_time_and_not_when_they_were(
    desk: Any,
) -> None:
    """C5: taken back, it is owed no more, and suspends nobody any more."""
    change = await desk.send("/suppliers/acme/change", {"lead_days": 5}, "buyer")
    assert change.status_code == 200, change.text
    receipt = await late_receipt(desk)
    made = await returned(desk, receipt, line(1, "4"), replace=True)
    path = f"/orders/{receipt['order_id']}"
    order = await desk.read(path)
    due = (now() + timedelta(hours=8)).date() + timedelta(days=5)
    assert [(one["due_date"], one["quantity"]) for one in order["lines"][0]["deliveries"]] == [
        (order["due_date"], "96"),
        (str(due), "4"),
    ]
    (change, *_) = (await desk.read(f"{path}/changes"))["items"]
    assert (change["field"], change["line_no"], change["reason"]) == (
        "deliveries",
        1,
        made["number"],
    )
    assert [await suspended(desk, days) for days in (0, 7, 8)] == [[], [], ["1"]]
    (warning,) = (await desk.read("/warnings"))["items"]
    assert warning["document_id"] == receipt["order_id"]
    await undone(desk, made)
    assert (await desk.read(path))["status"] == "received"
    assert not (await desk.read("/suppliers/acme/suspension"))["suspended"]
    assert (await desk.read("/warnings"))["items"] == []


async def test_a_receipt_posted_by_mistake_leaves_its_supplier_the_days_that_any_line_has(
    desk: Any,
) -> None:
    """C5: the mistake was ours."""
    receipt = await late_receipt(desk)
    await returned(desk, receipt, cause="reversal", note="of another order")
    assert [await suspended(desk, days) for days in (0, 2, 3)] == [[], [], ["1", "2"]]


WAITING = text(
    "select count(*) from pg_locks where not granted"
    " and pg_backend_pid() = any(pg_blocking_pids(pid))"
)
"""Who waits for what this session holds."""


async def test_a_batch_asks_for_the_supplier_once_it_holds_all_its_orders(desk: Any) -> None:
    """C5: whoever posts a receipt holds an order and asks for its supplier: no deadlock."""
    await desk.send("/suppliers/acme/change", {"lead_days": 5}, "buyer")
    reversals = []
    for receipt in [await late_receipt(desk) for _ in range(2)]:
        made = await returned(desk, receipt, line(1, "4"), replace=True)
        reversals.append(await undoing(desk, made))
    assert await suspended(desk, 8) == ["1", "1"]
    for reversal in reversals:
        assert (await advance(desk, reversal, "post")).status_code == 200
    last = max(reversals, key=lambda one: str(one["receipt_id"]))
    order_id = UUID((await desk.read(f"/receipts/{last['receipt_id']}"))["order_id"])
    async with desk.service.context.database.transaction() as session:
        await orders.order_to_change(session, order_id)
        batch = asyncio.create_task(let_book(desk, *reversals))
        for _ in range(100):
            if await session.scalar(WAITING):
                break
            await asyncio.sleep(0.02)
        await session.execute(text("set local lock_timeout = '1s'"))
        await suppliers.supplier_to_change(session, "acme")
    await batch
    assert not (await desk.read("/suppliers/acme/suspension"))["suspended"]
