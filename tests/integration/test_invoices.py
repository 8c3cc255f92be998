"""Uploaded invoices are booked, matched three ways, and listed for the tax bureau, over HTTP.

This is the input side of H5; its output side is in test_returns.py.
"""

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from bench import invoices
from devstack.blueprint import OWN_TAX_ID

Json = dict[str, Any]


async def sent(chain: Any, content: bytes) -> str:
    """Upload a file; return the path of the document."""
    answer = await chain.http.post(
        chain.stack.info.service_urls["purchasing"] + "/invoice-documents",
        content=content,
        params={"name": "invoice"},
        headers={
            "Authorization": f"Bearer {chain.stack.token('bob', ['buyer'], ['*'], 1)}",
            "Idempotency-Key": str(uuid4()),
        },
    )
    return f"/invoice-documents/{chain.must(answer)['document_id']}"


async def uploaded(chain: Any, invoice: Any) -> str:
    """Upload an invoice that leaves nothing in doubt; return its path once it is read."""
    path = await sent(chain, invoices.as_xml(invoice))

    async def confirmed() -> bool:
        shown = chain.must(await chain.get("purchasing", path))
        return bool(shown["status"] == "confirmed")

    await chain.eventually(confirmed, f"{path} to be read")
    return path


async def second_person(chain: Any, path: str, body: Json) -> Any:
    """Send a command as another person of finance."""
    token = chain.stack.token("max", ["finance"], ["*"], 1)
    return await chain.post("purchasing", path, body, token=token)


async def bought(chain: Any, costs: list[str], quantity: str = "10") -> Json:
    """Return a posted receipt of so many goods at these costs, with its accrual raised."""
    site_id, items = await chain.make_site(), await chain.make_items(len(costs))
    goods = {item: (quantity, cost) for item, cost in zip(items, costs, strict=True)}
    receipt: Json = await chain.stock_up(site_id, goods)
    body = {"receipt_id": receipt["receipt_id"]}
    return receipt | {"accrual": chain.must(await chain.post("purchasing", "/accruals", body))}


def typed(receipt: Json, nets: list[str], quantity: str = "10") -> Json:
    """Return an invoice for a receipt, at these amounts before 13 % of tax."""
    lines = [
        {
            "name": f"*货物*{line['item_id']}",
            "quantity": quantity,
            "net": net,
            "tax_percent": "13",
            "tax": str((Decimal(net) * 13 / 100).quantize(Decimal("0.01"))),
        }
        for line, net in zip(receipt["lines"], nets, strict=True)
    ]
    net, tax = (sum(Decimal(line[name]) for line in lines) for name in ("net", "tax"))
    return {
        "supplier_id": receipt["supplier_id"],
        "number": f"{uuid4().int % 10**20:020}",
        "issued_on": "2026-11-20",
        "seller_name": "Supplier",
        "seller_tax_id": "91310000MA1K3XXXX1",
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "USD",
        "net": str(net),
        "tax": str(tax),
        "total": str(net + tax),
        "lines": lines,
    }


async def accrual(chain: Any, receipt: Json) -> Json:
    path = f"/accruals/{receipt['accrual']['accrual_id']}"
    return dict(chain.must(await chain.get("purchasing", path)))


async def test_an_uploaded_invoice_is_booked_once_and_matched_with_its_receipt(chain: Any) -> None:
    """C4: three ways with order and posted receipt; the accrual is cleared to exactly zero."""
    read = invoices.make(uuid4().int % 10**9, 1)
    path = await uploaded(chain, read)
    net = Decimal(read.lines[0].amount)
    receipt = await bought(chain, [str(net / 10)])
    supplier, percent = receipt["supplier_id"], read.lines[0].tax_rate.removesuffix("%")
    book = {"supplier_id": supplier, "currency": "USD"}
    booked = chain.must(await chain.post("purchasing", f"{path}/book", book))
    assert (booked["number"], Decimal(booked["total"])) == (read.number, Decimal(read.total))
    again = await chain.post("purchasing", f"{path}/book", book)
    assert (again.status_code, again.json()["code"]) == (409, "invoice_booked_before")
    invoice = f"/invoices/{booked['invoice_id']}"
    link = {
        "invoice_line_no": 1,
        "receipt_id": receipt["receipt_id"],
        "receipt_line_no": 1,
        "quantity": "10",
    }
    matched = chain.must(await chain.post("purchasing", f"{invoice}/match", {"links": [link]}))
    # Another rate of tax than was accrued is for a person to review; nothing else differs.
    if matched["status"] == "held":
        assert {one["cause"] for one in matched["differences"]} == {"tax_rate"}, percent
        reason = {"reason": "the rate on the invoice is right"}
        chain.must(await second_person(chain, f"{invoice}/accept", reason))
    cleared = await accrual(chain, receipt)
    assert (cleared["status"], cleared["open_net"], cleared["open_tax"]) == ("cleared", "0", "0")
    params = {"receipt_id": receipt["receipt_id"]}
    (linked,) = chain.must(await chain.get("purchasing", "/invoices", **params))["items"]
    assert (linked["invoice_id"], linked["status"]) == (booked["invoice_id"], "matched")


async def test_differences_are_reviewed_line_by_line_and_a_match_can_be_taken_back(
    chain: Any,
) -> None:
    """C4, C7: the price that was accepted in the end is told as a fact, and so is its way back."""
    receipt = await bought(chain, ["5.00", "2.00"])
    booked = chain.must(
        await chain.post("purchasing", "/invoices", typed(receipt, ["50.00", "24.00"]))
    )
    path = f"/invoices/{booked['invoice_id']}"
    held = chain.must(await chain.post("purchasing", f"{path}/match", {}))
    assert held["status"] == "held"
    assert [(one["cause"], one["invoice_line_no"]) for one in held["differences"]] == [
        ("price", 2),
        ("total", None),
    ]
    reason = {"reason": "agreed by phone"}
    mine = await chain.post("purchasing", f"{path}/accept", reason)
    assert (mine.status_code, mine.json()["code"]) == (403, "second_person_needed")
    chain.must(await second_person(chain, f"{path}/accept", reason))
    assert (await accrual(chain, receipt))["open_net"] == "0"
    chain.must(await chain.post("purchasing", f"{path}/unmatch", {"reason": "wrong delivery"}))
    left = await accrual(chain, receipt)
    assert (left["status"], left["open_net"]) == ("open", "70")
    params = {"topic": "purchasing.receipt.v1", "key": receipt["receipt_id"]}
    told = chain.must(await chain.get("purchasing", "/events", **params))["items"]
    changes = [one for one in told if one["type"].endswith("receipt_repriced.v1")]
    assert [one["payload"]["lines"][0]["difference"] for one in changes] == ["4", "-4"]


async def test_what_was_reviewed_is_accepted_and_what_came_since_is_reviewed_again(
    chain: Any,
) -> None:
    """C4: two invoices over the same goods are held; the goods are not paid for twice unseen."""
    receipt = await bought(chain, ["5.00"])
    paths = []
    for _ in range(2):
        body = typed(receipt, ["60.00"])
        booked = chain.must(await chain.post("purchasing", "/invoices", body))
        paths.append(f"/invoices/{booked['invoice_id']}")
        held = chain.must(await chain.post("purchasing", f"{paths[-1]}/match", {}))
        assert held["status"] == "held"
    reason = {"reason": "agreed by phone"}
    chain.must(await second_person(chain, f"{paths[0]}/accept", reason))
    again = await second_person(chain, f"{paths[1]}/accept", reason)
    assert (again.status_code, again.json()["code"]) == (409, "invoice_differences_changed")
    shown = chain.must(await chain.get("purchasing", paths[1]))
    assert (shown["status"], shown["version"]) == ("held", again.json()["version"])
    causes = {one["cause"] for one in shown["matches"][-1]["differences"]}
    assert causes == {"quantity", "price", "total"}
    params = {"topic": "purchasing.receipt.v1", "key": receipt["receipt_id"]}
    told = chain.must(await chain.get("purchasing", "/events", **params))["items"]
    changes = [one for one in told if one["type"].endswith("receipt_repriced.v1")]
    assert [one["payload"]["lines"][0]["difference"] for one in changes] == ["10"]


async def test_what_is_read_is_booked_and_matched_in_one_call(chain: Any) -> None:
    """C4: supplier, kind and receipt follow from the document itself."""
    (water,) = await bottles(chain, "矿泉水 550ml")
    made = invoices.make(uuid4().int % 10**9, of=[invoices.line(WATER, "240", "1.25", unit="EA")])
    receipt = await owed(chain, made, {water: "1.25"})
    path = await uploaded(chain, made)
    body = {"currency": "USD"}
    booked = chain.must(await chain.post("purchasing", f"{path}/book", body))
    assert (booked["supplier_id"], booked["kind"]) == (receipt["supplier_id"], "digital_special")
    assert (booked["status"], booked["not_matched"]) == ("matched", None), booked
    linked = booked["matches"][0]["lines"]
    assert [one["receipt_id"] for one in linked] == [receipt["receipt_id"]]


async def test_what_is_uploaded_is_booked_and_matched_without_any_call(chain: Any) -> None:
    """C4: where finance wants it, the accrual is cleared by what was read, as data and as text.

    Printed with the mark of another currency than it is owed in, or made out to another, an invoice
    is left to a person.
    """
    (water,) = await bottles(chain, "矿泉水 550ml")
    made = invoices.make(uuid4().int % 10**9, of=[invoices.line(WATER, "120", "1.25", unit="EA")])
    # Written out in yuan it would be in yuan, and it is owed in the currency of the books.
    made = replace(made, buyer_tax_id=OWN_TAX_ID, total_in_words="")
    receipt = await owed(chain, made, {water: "1.25"})
    switch = f"/suppliers/{receipt['supplier_id']}/invoice-booking"
    chain.must(await chain.post("purchasing", switch, {"invoice_booking": "when_read"}))
    second = replace(made, number=made.number[::-1], mark="")
    marked = replace(made, number=f"9{made.number[1:]}")
    strange = replace(made, buyer_tax_id=made.seller_tax_id)
    for content, code in (
        (invoices.as_pdf(marked), "invoice_currency_contradicted"),
        (invoices.as_xml(strange), "invoice_of_other_buyer"),
    ):
        refused = await came_of(chain, await sent(chain, content))
        assert refused["not_booked"]["code"] == code
    for content in (invoices.as_xml(made), invoices.as_pdf(second)):
        document = await came_of(chain, await sent(chain, content))
        assert (document["not_booked"], document["not_matched"]) == (None, None)
        booked = chain.must(await chain.get("purchasing", f"/invoices/{document['invoice_id']}"))
        assert (booked["status"], booked["currency"]) == ("matched", "USD")
        assert booked["booked_by"] == "purchasing.recognizer"
    cleared = await accrual(chain, receipt)
    assert (cleared["status"], cleared["open_net"], cleared["open_tax"]) == ("cleared", "0", "0")
    await set_aside(chain, refused)


async def set_aside(chain: Any, document: Json) -> None:
    """Set a refused document aside, which nobody books then, and take it up again."""
    place = f"/invoice-documents/{document['document_id']}"
    reason = {"reason": "made out to another company"}
    shown = chain.must(await chain.post("purchasing", f"{place}/set-aside", reason))
    assert (shown["set_aside_reason"], shown["not_booked"]) == (
        reason["reason"],
        document["not_booked"],
    )
    assert await stands_in(chain, document) == {"set_aside"}
    booked = await chain.post("purchasing", f"{place}/book", {})
    assert (booked.status_code, booked.json()["code"]) == (409, "invoice_document_set_aside")
    chain.must(await chain.post("purchasing", f"{place}/take-up"))
    assert await stands_in(chain, document) == {"refused"}


async def stands_in(chain: Any, document: Json) -> set[str]:
    """Return in which of these lists the document is among the newest."""
    return {
        kind
        for kind in ("refused", "set_aside")
        for one in await listed(chain, kind)
        if one["document_id"] == document["document_id"]
    }


async def listed(chain: Any, kind: str) -> list[Json]:
    """Return the newest documents by what became of booking them."""
    answer = await chain.get("purchasing", "/invoice-documents", booking=kind)
    return list(chain.must(answer)["items"])


async def came_of(chain: Any, path: str) -> Json:
    """Return a document once it was booked by itself, or not."""

    async def done() -> Json | None:
        shown: Json = chain.must(await chain.get("purchasing", path))
        return shown if shown["invoice_id"] or shown["not_booked"] else None

    return dict(await chain.eventually(done, f"{path} to be booked"))


async def test_the_input_list_of_a_period_names_every_invoice(chain: Any) -> None:
    """H5: in the tax bureau's form, as CSV and as a workbook."""
    receipt = await bought(chain, ["1.00"])
    body = typed(receipt, ["10.00"])
    chain.must(await chain.post("purchasing", "/invoices", body))
    params = {"period": "2026-11"}
    answer = await chain.get("purchasing", "/tax/input-invoices", **params)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["序号", "发票代码", "发票号码", "数电票号码"]
    (row,) = [row for row in rows if row[3] == body["number"]]
    assert row[7:11] == ["10.00", "1.30", "11.30", "USD"]
    book = await chain.get("purchasing", "/tax/input-invoices", **params, form="xlsx")
    assert book.content.startswith(b"PK")


WATER, SOY = 2, 3
"""Goods of the made-up invoices: 矿泉水 550ml by the bottle, and 生抽酱油 500ml by the bottle."""


async def bottles(chain: Any, *names: str) -> list[str]:
    """Create items that are counted by the bottle, and wait until purchasing knows them."""
    made = [f"b-{uuid4().hex[:8]}" for _ in names]
    items = [
        {"item_id": item_id, "name": name, "base_unit": "EA", "scale": 0}
        for item_id, name in zip(made, names, strict=True)
    ]
    chain.must(await chain.insist("inventory", "/items/import", {"items": items}))
    await chain.drain()
    return made


async def owed(chain: Any, seller: Any, costs: dict[str, str]) -> Json:
    """Return a receipt of 240 bottles of each, for which the seller of an invoice is owed."""
    supplier_id = await chain.make_supplier()
    terms = {"tax_id": seller.seller_tax_id, "name": seller.seller_name}
    chain.must(await chain.post("purchasing", f"/suppliers/{supplier_id}/change", terms))
    site_id = await chain.make_site()
    await chain.drain()
    body = {
        "supplier_id": supplier_id,
        "site_id": site_id,
        "warehouse_id": "floor",
        "currency": "USD",
        "due_date": "2027-01-31",
        "lines": [
            {"item_id": item, "quantity": "240", "unit": "EA", "unit_cost": cost}
            for item, cost in costs.items()
        ],
    }
    order = chain.must(await chain.insist("purchasing", "/orders", body))
    lines = [{"order_line_no": one["line_no"], "quantity": "240"} for one in order["lines"]]
    body = {"order_id": order["order_id"], "lines": lines}
    receipt: Json = chain.must(await chain.insist("purchasing", "/receipts", body))
    path = f"/receipts/{receipt['receipt_id']}"
    for step in ("audit", "post"):
        chain.must(await chain.insist("purchasing", f"{path}/{step}"))
    await chain.drain()
    body = {"receipt_id": receipt["receipt_id"]}
    return receipt | {"accrual": chain.must(await chain.post("purchasing", "/accruals", body))}


async def test_of_a_picture_only_what_does_not_agree_with_the_order_needs_a_person(
    chain: Any,
) -> None:
    """C4: names, units and prices are held against what was ordered; the rest links itself."""
    water, soy = await bottles(chain, "矿泉水 550ml", "生抽酱油 500ml")
    lines = [
        invoices.line(WATER, "240", "1.25", unit="EA"),
        invoices.line(SOY, "240", "8.80", unit="EA"),
    ]
    made = invoices.make(uuid4().int % 10**9, of=lines)
    receipt = await owed(chain, made, {water: "1.25", soy: "8.50"})
    path = await sent(chain, invoices.as_picture(made))

    async def read() -> Json | None:
        shown: Json = chain.must(await chain.get("purchasing", path))
        return shown if shown["status"] == "read" else None

    shown = await chain.eventually(read, f"{path} to be read", 180)
    assert not [one for one in shown["doubts"] if one.startswith("lines.1.")], shown["doubts"]
    assert {"lines.2.name", "lines.2.unit_price"} <= set(shown["doubts"])
    second = shown["reading"]["lines"][1]
    assert (second["unit_price"]["value"], second["unit_price"]["expected"]) == ("8.80", "8.5")
    head = {name: made.head[name] for name in shown["doubts"] if name in made.head}
    body = {"accepted": shown["doubts"], "corrections": head}
    chain.must(await chain.post("purchasing", f"{path}/confirm", body))
    book = {"supplier_id": receipt["supplier_id"], "currency": "USD"}
    booked = chain.must(await chain.post("purchasing", f"{path}/book", book))
    matched = chain.must(
        await chain.post("purchasing", f"/invoices/{booked['invoice_id']}/match", {})
    )
    assert [one["item_id"] for one in matched["lines"]] == [water, soy]
    causes = {(one["cause"], one["invoice_line_no"]) for one in matched["differences"]}
    assert ("price", 2) in causes
    assert ("price", 1) not in causes
