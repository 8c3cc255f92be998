"""Stock documents on the running platform: their life, who may do what, and what it costs."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

PEOPLE = {
    "clerk": ["clerk"],
    "keeper": ["clerk", "shop_manager"],
    "manager": ["shop_manager"],
    "accountant": ["finance"],
}


class Desk:
    """What different people do with the documents of one site."""

    def __init__(self, chain: Any, site_id: str) -> None:
        self.chain = chain
        self.site_id = site_id
        self.place = {"site_id": site_id, "warehouse_id": "floor"}

    async def send(self, path: str, body: Any, who: str, **headers: str) -> httpx2.Response:
        """Send a command as one of the people, with a device."""
        token = self.chain.stack.token(who, PEOPLE[who], ["*"], 12)
        answer: httpx2.Response = await self.chain.http.post(
            self.chain.stack.info.service_urls["inventory"] + path,
            json=body,
            headers={
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": str(uuid4()),
                "X-Device-Id": f"{who}-pda",
                **headers,
            },
        )
        return answer

    async def draft(self, kind: str, *lines: Any, who: str = "clerk", **more: Any) -> Any:
        """Return a draft; lines are item, quantity and what else there is to say."""
        answer = await self.send("/documents", self.body(kind, *lines, **more), who)
        return self.chain.must(answer)

    def body(self, kind: str, *lines: Any, **more: Any) -> dict[str, Any]:
        """Return a document as it is asked for."""
        given = {"kind": kind, **self.place, **more, "lines": [_line(*one) for one in lines]}
        return {name: value for name, value in given.items() if value is not None}

    async def step(self, document: Any, step: str, who: str = "manager", **more: Any) -> Any:
        """Take a document a step further."""
        path = f"/documents/{document['document_id']}/{step}"
        return self.chain.must(await self.send(path, more or None, who))

    async def refused(self, document: Any, step: str, who: str = "manager", **more: Any) -> Any:
        """Return why a step is refused."""
        path = f"/documents/{document['document_id']}/{step}"
        answer = await self.send(path, more or None, who)
        assert answer.status_code in (403, 409, 422), answer.text
        return answer.json()

    async def post(self, kind: str, *lines: Any, **more: Any) -> Any:
        """Return a document that went all the way into the books."""
        document = await self.draft(kind, *lines, **more)
        await self.step(document, "audit")
        return await self.step(document, "post")

    async def on_hand(self, item_id: str, warehouse_id: str = "floor") -> str | None:
        """Return what is on hand."""
        asked = {"site_id": self.site_id, "item_id": item_id, "warehouse_id": warehouse_id}
        rows = self.chain.must(await self.chain.get("inventory", "/stock", **asked))["items"]
        return rows[0]["on_hand"] if rows else None

    async def ledger(self, item_id: str) -> list[Any]:
        """Return the ledger of an item here."""
        asked = {"site_id": self.site_id, "item_id": item_id}
        return list(self.chain.must(await self.chain.get("inventory", "/ledger", **asked))["items"])


def _line(item_id: str, quantity: str, more: Any = None) -> dict[str, Any]:
    return {"item_id": item_id, "quantity": quantity, "unit": "EA", **(more or {})}


async def make_desk(chain: Any) -> Desk:
    """Return the desk of a fresh site, which knows the devices of its people."""
    site_id = await chain.make_site()
    for who in PEOPLE:
        device = {"device_id": f"{who}-pda", "name": who, "kind": "scanner"}
        chain.must(await chain.post("inventory", f"/sites/{site_id}/devices", device))
    return Desk(chain, site_id)


@pytest.fixture
async def desk(chain: Any) -> Desk:
    """Return the desk of a fresh site."""
    return await make_desk(chain)


async def test_a_document_goes_its_way_and_is_reversed_by_another(chain: Any, desk: Desk) -> None:
    """A1: draft, audited, posted; only posting moves stock; nothing is edited afterwards."""
    (item,) = await chain.make_items(1)
    await chain.stock_up(desk.site_id, {item: ("10", "2.00")})
    document = await desk.draft("issue", (item, "4"), department="kitchen")
    assert (await desk.refused(document, "post"))["code"] == "document_wrong_status"
    await desk.step(document, "audit")
    assert await desk.on_hand(item) == "10"
    await desk.step(document, "post")
    assert await desk.on_hand(item) == "6"
    for step, more in (
        ("post", {}),
        ("cancel", {}),
        ("lines", {"lines": [_line(item, "1")]}),
    ):
        who = "manager" if step == "post" else "clerk"
        late = await desk.refused(document, step, who, **more)
        assert late["code"] == "document_already_posted"
    reversal = await desk.step(document, "reverse", reason="wrong department")
    assert (reversal["reverses"], reversal["status"]) == (document["document_id"], "posted")
    assert await desk.on_hand(item) == "10"
    assert (await desk.refused(document, "reverse", reason="x"))["reversed_by"] == reversal[
        "document_id"
    ]
    received, issued, back = await desk.ledger(item)
    assert received["user_id"] == "tester"
    assert (issued["user_id"], issued["device_id"]) == ("manager", "manager-pda")
    assert (back["kind"], back["reverses"]) == ("reversal", issued["sequence"])
    await chain.assert_books_agree(desk.site_id)


async def test_an_adjustment_without_what_it_needs_is_refused_by_name(
    chain: Any, desk: Desk
) -> None:
    """A2: an approver other than the author, a source document, site and warehouse."""
    (item,) = await chain.make_items(1)
    await chain.stock_up(desk.site_id, {item: ("10", "2.00")})
    down = (item, "1", {"source_status": "available"})
    for lacks in (["source_document"], ["site_id", "warehouse_id"], ["warehouse_id"]):
        body = desk.body("adjustment", down, **{"source_document": "T-1", **dict.fromkeys(lacks)})
        answer = await desk.send("/documents", body, "keeper")
        assert (answer.status_code, answer.json()["code"]) == (422, "document_incomplete")
        assert answer.json()["missing"] == lacks
    document = await desk.draft("adjustment", down, who="keeper", source_document="T-1")
    for step in ("audit", "approve"):
        own = await desk.refused(document, step, "keeper")
        assert own["code"] == "second_person_needed"
    await desk.step(document, "audit")
    lacking = await desk.refused(document, "post")
    assert (lacking["code"], lacking["missing"]) == ("document_incomplete", ["approver"])
    assert await desk.on_hand(item) == "10"
    await desk.step(document, "approve", "accountant")
    await desk.step(document, "post")
    assert await desk.on_hand(item) == "9"
    await chain.assert_books_agree(desk.site_id)


async def test_receipt_issue_and_scrap_each_go_in_and_come_back(chain: Any, desk: Desk) -> None:
    """A4: three of the five actions, and their reversals."""
    (item,) = await chain.make_items(1)
    priced = (item, "10", {"unit_cost": "3.00"})
    receipt = await desk.post("receipt", priced, currency="USD", source_document="GIFT-1")
    issue = await desk.post("issue", (item, "4"))
    early = await desk.refused(receipt, "reverse", reason="never came")
    assert (early["code"], early["line_no"], early["present"]) == ("balance_exceeded", 1, "6")
    scrap = await desk.post("scrap", (item, "1"), reason="broken")
    assert await desk.on_hand(item) == "5"
    for document in (scrap, issue, receipt):
        await desk.step(document, "reverse", reason="all a mistake")
    assert await desk.on_hand(item) == "0"
    assert [entry["sequence"] for entry in await desk.ledger(item)] == [1, 2, 3, 4, 5, 6]
    await chain.assert_books_agree(desk.site_id)


async def test_a_transfer_is_short_and_over_and_what_is_lost_is_declared(
    chain: Any, desk: Desk
) -> None:
    """A4: two steps with goods in transit between two sites; every step has its way back."""
    (item,) = await chain.make_items(1)
    there = await make_desk(chain)
    await chain.stock_up(desk.site_id, {item: ("30", "2.00")})
    to = {"to_site_id": there.site_id, "to_warehouse_id": "floor"}
    sent = await desk.post("transfer_dispatch", (item, "20"), over_percent=10, **to)
    assert await desk.on_hand(item) == "10"
    first = await receive(there, sent, "15")
    assert (await in_transit(there))[0]["outstanding"] == "5"
    lost = await receive(there, sent, "2", "loss", reason="broken")
    await desk.step(lost, "reverse", reason="found")
    over = await receive(there, sent, "6")
    assert (await in_transit(there), await there.on_hand(item)) == ([], "21")
    too_much = await arrival(there, sent, "2")
    await there.step(too_much, "audit")
    assert (await there.refused(too_much, "post"))["code"] == "more_than_in_transit"
    early = await desk.refused(sent, "reverse", reason="back")
    assert early["code"] == "dispatch_arrived"
    for document in (over, first, sent):
        await desk.step(document, "reverse", reason="back")
    assert (await desk.on_hand(item), await there.on_hand(item)) == ("30", "0")
    await chain.assert_books_agree(desk.site_id)
    await chain.assert_books_agree(there.site_id)


async def test_a_transfer_between_warehouses_of_a_site_keeps_its_value(
    chain: Any, desk: Desk
) -> None:
    """A4."""
    (item,) = await chain.make_items(1)
    await chain.stock_up(desk.site_id, {item: ("30", "2.00")})
    back = {"warehouse_id": "back", "name": "Back"}
    path = f"/sites/{desk.site_id}/warehouses"
    chain.must(await chain.insist("inventory", path, back))
    to = {"to_site_id": desk.site_id, "to_warehouse_id": "back"}
    sent = await desk.post("transfer_dispatch", (item, "12"), **to)
    await receive(desk, sent, "12")
    assert (await desk.on_hand(item), await desk.on_hand(item, "back")) == ("18", "12")
    await chain.assert_books_agree(desk.site_id)


async def test_a_document_prints_and_scans_by_its_own_code(chain: Any, desk: Desk) -> None:
    """A1."""
    (item,) = await chain.make_items(1)
    document = await desk.draft("receipt", (item, "3"))
    path = f"/documents/{document['document_id']}"
    code = f"urn:trueshelf:document:{document['document_id']}"
    scanned = chain.must(await chain.get("inventory", f"/documents/by-code/{code}"))
    assert scanned["number"] == document["number"]
    label = await chain.get("inventory", f"{path}/label")
    assert label.headers["content-type"] == "image/svg+xml"
    printed = await chain.get("inventory", f"{path}/print")
    assert (document["number"] in printed.text, item in printed.text) == (True, True)


async def arrival(desk: Desk, sent: Any, quantity: str, what: str = "arrivals", **more: Any) -> Any:
    """Return the draft of an arrival or a loss."""
    lines = [{"dispatch_line_no": 1, "quantity": quantity}]
    path = f"/transfers/{sent['document_id']}/{what}"
    return desk.chain.must(await desk.send(path, {"lines": lines, **more}, "clerk"))


async def receive(desk: Desk, sent: Any, quantity: str, what: str = "arrivals", **more: Any) -> Any:
    """Return a posted arrival or loss."""
    document = await arrival(desk, sent, quantity, what, **more)
    await desk.step(document, "audit")
    return await desk.step(document, "post")


async def in_transit(desk: Desk) -> list[Any]:
    """Return what is on its way to the site."""
    answer = await desk.chain.get("inventory", "/transfers/open", to_site_id=desk.site_id)
    return list(desk.chain.must(answer)["items"])
