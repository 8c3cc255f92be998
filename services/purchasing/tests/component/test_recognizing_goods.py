"""What lines of invoices mean is proposed by name and price, and learnt from who says it (C4)."""

from decimal import Decimal
from typing import Any

from bench import invoices
from contracts.inventory import ItemDefined
from purchasing.recognition.use_cases.read_documents import read_documents

WATER, SOY = 2, 3
"""Goods of the made-up invoices: 矿泉水 550ml by the bottle, and 生抽酱油 500ml by the bottle."""
UNITS = {"tea": "box", "rice": "kg"}
CENT = Decimal("0.01")
NAMES = {"water": "矿泉水 550ml", "soy": "生抽酱油 500ml"}
Json = dict[str, Any]


async def shelf(desk: Any) -> None:
    """Let the house sell what the invoices are about."""
    await desk.service.deliver(
        [
            ItemDefined(item_id=one, name=name, base_unit="EA", scale=0)
            for one, name in NAMES.items()
        ]
    )


async def owe(desk: Any, **costs: str) -> Json:
    """Return a posted receipt of 240 of each at these costs, for which is owed."""
    lines = [
        {
            "item_id": item,
            "quantity": "240",
            "unit": UNITS.get(item, "EA"),
            "unit_cost": cost,
        }
        for item, cost in costs.items()
    ]
    order = (await desk.order(lines=lines)).json()
    counted = [(number, "240") for number in range(1, len(lines) + 1)]
    receipt: Json = (await desk.draft(order["order_id"], *counted)).json()
    for step in ("audit", "post"):
        assert (await desk.step(receipt["receipt_id"], step)).status_code == 200
    body = {"receipt_id": receipt["receipt_id"]}
    assert (await desk.send("/accruals", body, "finance")).status_code == 201
    return receipt


async def sells(desk: Any, invoice: invoices.Invoice) -> None:
    """Let the seller of an invoice be the supplier."""
    terms = {"tax_id": invoice.seller_tax_id, "name": invoice.seller_name}
    assert (await desk.send("/suppliers/acme/change", terms, "buyer")).status_code == 200


async def upload(desk: Any, content: bytes) -> Json:
    """Upload a file; return the document once it is read."""
    headers = desk.service.headers(["buyer"], subject="bob")
    path = "/invoice-documents"
    sent = await desk.service.api.post(path, content=content, params={"name": "a"}, headers=headers)
    await read_documents(desk.service.context)
    return await look(desk, f"{path}/{sent.json()['document_id']}")


async def look(desk: Any, path: str) -> Json:
    headers = desk.service.headers(["finance"])
    return dict((await desk.service.api.get(path, headers=headers)).json())


async def confirm(desk: Any, document: Json, **said: Any) -> Any:
    path = f"/invoice-documents/{document['document_id']}/confirm"
    return await desk.send(path, {"accepted": document["doubts"], **said}, "finance")


async def book(desk: Any, document: Json) -> Json:
    path = f"/invoice-documents/{document['document_id']}/book"
    booked = await desk.send(path, {"supplier_id": "acme"}, "finance")
    assert booked.status_code == 201, booked.text
    return dict(booked.json())


async def match(desk: Any, booked: Json, *links: Json) -> Any:
    path = f"/invoices/{booked['invoice_id']}/match"
    return await desk.send(path, {"links": list(links)}, "finance")


async def typed(desk: Any, *lines: Json) -> Json:
    """Book an invoice by hand."""
    told = [
        {
            "tax_percent": "13",
            "tax": str((Decimal(one["net"]) * 13 / 100).quantize(CENT)),
            **one,
        }
        for one in lines
    ]
    net, tax = (sum(Decimal(one[name]) for one in told) for name in ("net", "tax"))
    body = {
        "supplier_id": "acme",
        "number": f"{len(await desk.service.events()):020}",
        "issued_on": "2026-11-20",
        "seller_name": "Acme",
        "seller_tax_id": "91310000MA1K3XXXX1",
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "CNY",
        "net": str(net),
        "tax": str(tax),
        "total": str(net + tax),
        "lines": told,
    }
    booked = await desk.send("/invoices", body, "finance")
    assert booked.status_code == 201, booked.text
    return dict(booked.json())


def of_lines(document: Json) -> set[str]:
    return {one for one in document["doubts"] if one.startswith("lines.")}


async def test_of_a_picture_a_line_that_agrees_needs_nobody_and_one_that_does_not_does(
    desk: Any,
) -> None:
    """C4: by name, specification, unit and price, with what was ordered beside what differs."""
    await shelf(desk)
    made = invoices.make(
        41,
        of=[
            invoices.line(WATER, "240", "1.25", unit="EA"),
            invoices.line(SOY, "240", "8.80", unit="EA"),
        ],
    )
    await sells(desk, made)
    receipt = await owe(desk, water="1.25", soy="8.50")
    shown = await upload(desk, invoices.as_picture(made))
    first, second = shown["reading"]["lines"]
    assert (first["name"]["value"], second["unit_price"]["value"]) == (made.lines[0].name, "8.80")
    assert of_lines(shown) == {"lines.2.name", "lines.2.specification", "lines.2.unit"} | {
        "lines.2.unit_price"
    }
    assert (second["unit_price"]["expected"], second["name"]["expected"]) == ("8.5", NAMES["soy"])
    assert first["unit_price"]["expected"] is None
    proposed = [(one["item_id"], one["by"]) for one in shown["reading"]["proposed"]]
    assert proposed == [("water", "name"), ("soy", "name")]
    assert {one["receipt_id"] for one in shown["reading"]["proposed"]} == {receipt["receipt_id"]}


async def test_what_is_read_is_booked_for_its_seller_and_matched_in_one_call(desk: Any) -> None:
    """C4: nobody names supplier, kind or receipt; finance reviews the rate of tax alone."""
    await shelf(desk)
    lines = [
        invoices.line(WATER, "240", "1.25", unit="EA"),
        invoices.line(SOY, "240", "8.50", unit="EA", rate=9),
    ]
    made = invoices.make(47, of=lines)
    await sells(desk, made)
    receipt = await owe(desk, water="1.25", soy="8.50")
    document = await upload(desk, invoices.as_xml(made))
    path = f"/invoice-documents/{document['document_id']}/book"
    booked = (await desk.send(path, {}, "finance")).json()
    assert (booked["supplier_id"], booked["kind"]) == ("acme", "digital_special"), booked
    assert (booked["status"], booked["not_matched"]) == ("held", None)
    (matched,) = booked["matches"]
    assert [one["receipt_id"] for one in matched["lines"]] == [receipt["receipt_id"]] * 2
    assert [(one["cause"], one["invoice_line_no"]) for one in matched["differences"]] == [
        ("tax_rate", 2)
    ]


async def test_what_can_not_be_matched_by_itself_is_booked_and_says_why(desk: Any) -> None:
    """C4: nothing was received of it yet."""
    made = invoices.make(48, of=[invoices.line(WATER, "240", "1.25", unit="EA")])
    await sells(desk, made)
    document = await upload(desk, invoices.as_xml(made))
    path = f"/invoice-documents/{document['document_id']}/book"
    booked = await desk.send(path, {}, "finance", **{"Accept-Language": "zh"})
    assert (booked.status_code, booked.json()["status"]) == (201, "booked")
    why = booked.json()["not_matched"]
    assert (why["code"], why["detail"][:1]) == ("lines_unmatched", "第")
    shown = await look(desk, f"/invoices/{booked.json()['invoice_id']}")
    assert (shown["status"], shown["version"], shown["matches"]) == ("booked", 1, [])


async def test_a_seller_that_is_no_supplier_or_several_is_named_by_a_person(desk: Any) -> None:
    """C4."""
    made = invoices.make(49)
    document = await upload(desk, invoices.as_xml(made))
    path = f"/invoice-documents/{document['document_id']}/book"
    nobody = await desk.send(path, {}, "finance")
    assert (nobody.status_code, nobody.json()["code"]) == (422, "invoice_supplier_unclear")
    await sells(desk, made)
    await desk.supplier(supplier_id="best")
    terms = {"tax_id": made.seller_tax_id}
    assert (await desk.send("/suppliers/best/change", terms, "buyer")).status_code == 200
    both = await desk.send(path, {}, "finance")
    assert (both.status_code, both.json()["suppliers"]) == (422, "acme, best")
    body = {"supplier_id": "best", "match": True}
    named = (await desk.send(path, body, "finance")).json()
    assert (named["supplier_id"], named["not_matched"]["code"]) == ("best", "lines_unmatched")


async def test_data_is_compared_too_and_not_doubted_for_what_it_says(desk: Any) -> None:
    await shelf(desk)
    made = invoices.make(42, of=[invoices.line(WATER, "240", "1.26", unit="EA")])
    await sells(desk, made)
    await owe(desk, water="1.25")
    shown = await upload(desk, invoices.as_xml(made))
    assert (shown["status"], shown["doubts"]) == ("confirmed", [])
    assert shown["reading"]["lines"][0]["unit_price"]["expected"] == "1.25"
    checks = {one["name"]: one["holds"] for one in shown["reading"]["checks"]}
    assert checks["agrees_with_the_order"] is False


async def test_which_item_a_line_is_is_said_once_and_known_from_then_on(desk: Any) -> None:
    """C4: a person confirms it; the next invoice of that seller is linked without anybody."""
    await desk.service.deliver([ItemDefined(item_id="w", name="W", base_unit="EA", scale=0)])
    made = invoices.make(43, of=[invoices.line(WATER, "240", "1.25", unit="EA")])
    await sells(desk, made)
    await owe(desk, w="1.25")
    unknown = await upload(desk, invoices.as_xml(invoices.wrong_total(made)))
    (guess,) = unknown["reading"]["proposed"]
    assert (guess["item_id"], guess["by"]) == ("w", "price")
    said = {"corrections": {"total": made.total}}
    strange = await confirm(desk, unknown, **said, items=[{"line_no": 2, "item_id": "w"}])
    assert (strange.status_code, strange.json()["fields"]) == (422, "lines.2")
    nobody = await confirm(desk, unknown, **said, items=[{"line_no": 1, "item_id": "ghost"}])
    assert nobody.json()["code"] == "unknown_item"
    done = await confirm(desk, unknown, **said, items=[{"line_no": 1, "item_id": "w"}])
    assert (done.status_code, done.json()["status"]) == (200, "confirmed"), done.text
    booked = await book(desk, unknown)
    assert booked["lines"][0]["specification"] == "550ml"
    matched = (await match(desk, booked)).json()
    assert [(one["item_id"], one["quantity"]) for one in matched["lines"]] == [("w", "240")]
    again = await upload(desk, invoices.as_xml(invoices.make(44, of=made.lines)))
    assert again["reading"]["proposed"] == [], "another seller's names are its own"


async def test_items_are_kept_for_no_seller_that_is_not_known(desk: Any) -> None:
    await shelf(desk)
    made = invoices.make(45, of=[invoices.line(WATER, "1", "1.25", unit="EA")])
    shown = await upload(desk, invoices.as_xml(invoices.wrong_total(made)))
    items = [{"line_no": 1, "item_id": "water"}]
    refused = await confirm(desk, shown, corrections={"total": made.total}, items=items)
    assert (refused.status_code, refused.json()["code"]) == (409, "invoice_seller_unknown")
    assert (await look(desk, f"/invoice-documents/{shown['document_id']}"))["status"] == "read"


async def test_a_name_is_that_of_other_goods_with_another_specification(desk: Any) -> None:
    """C4: what a person linked is known by both, and never by the name alone."""
    small, large = await owe(desk, tea="12.50"), await owe(desk, rice="6.00")
    for receipt, specification, net in ((small, "250g", "3000.00"), (large, "500g", "1440.00")):
        line = {"name": "*茶*铁观音", "specification": specification, "quantity": "240"}
        booked = await typed(desk, {**line, "net": net})
        assert (await match(desk, booked)).json()["code"] == "lines_unmatched"
        link = {"invoice_line_no": 1, "receipt_id": receipt["receipt_id"], "receipt_line_no": 1}
        assert (await match(desk, booked, {**link, "quantity": "240"})).status_code == 200
    await owe(desk, tea="12.50", rice="6.00")
    line = {"name": "*茶*铁观音", "quantity": "240"}
    later = await typed(
        desk,
        {**line, "specification": "500g", "net": "1440.00"},
        {**line, "specification": "250g", "net": "3000.00"},
    )
    matched = (await match(desk, later)).json()
    assert matched["status"] == "applied", matched
    assert [one["item_id"] for one in matched["lines"]] == ["rice", "tea"]


async def test_of_the_same_goods_those_of_the_same_price_are_proposed_first(desk: Any) -> None:
    """C4: not the oldest ones, whose price differs; those come next if more is invoiced."""
    older, newer = await owe(desk, tea="12.50"), await owe(desk, tea="11.00")
    line = {"name": "tea", "quantity": "240", "unit_price": "11.00", "net": "2640.00"}
    booked = await typed(desk, line)
    matched = (await match(desk, booked)).json()
    assert (matched["status"], matched["differences"]) == ("applied", [])
    assert [one["receipt_id"] for one in matched["lines"]] == [newer["receipt_id"]]
    rest = await typed(desk, {**line, "unit_price": "12.00", "net": "2880.00"})
    held = (await match(desk, rest)).json()
    assert [one["receipt_id"] for one in held["lines"]] == [older["receipt_id"]]
    assert "price" in {one["cause"] for one in held["differences"]}


async def test_a_price_that_was_corrected_by_hand_is_the_one_agreed(desk: Any) -> None:
    """C7: the invoice is held against what was agreed last."""
    await shelf(desk)
    made = invoices.make(46, of=[invoices.line(WATER, "240", "1.35", unit="EA")])
    await sells(desk, made)
    receipt = await owe(desk, water="1.25")
    cause = {"cause": "price_entered_wrong", "document": "letter of 2026-11-20"}
    body = {**cause, "lines": [{"line_no": 1, "unit_cost": "1.35"}]}
    path = f"/receipts/{receipt['receipt_id']}/repricings"
    proposed = await desk.send(path, body, "finance", subject="fay")
    assert proposed.status_code == 201, proposed.text
    step = f"{path}/{proposed.json()['repricing_id']}/approve"
    assert (await desk.send(step, None, "finance", subject="max")).status_code == 200
    shown = await upload(desk, invoices.as_xml(made))
    checks = {one["name"]: one["holds"] for one in shown["reading"]["checks"]}
    assert checks["agrees_with_the_order"] is True
