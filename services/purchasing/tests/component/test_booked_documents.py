"""Uploaded invoices are booked as they were read, and listed for the tax bureau."""

import csv
import io
import zipfile
from dataclasses import replace
from typing import Any
from uuid import uuid4

from bench import invoices
from purchasing.recognition.use_cases.read_documents import read_documents

HEAD = [
    "序号",
    "发票代码",
    "发票号码",
    "数电票号码",
    "开票日期",
    "销方识别号",
    "销方名称",
    "金额",
    "税额",
    "价税合计",
    "币种",
    "发票票种",
]


async def upload(
    desk: Any, content: bytes, role: str = "buyer", media: str = "application/xml", **extra: str
) -> Any:
    headers = {**desk.service.headers([role], **extra), "Content-Type": media}
    place = "/portal/invoice-documents" if role == "supplier" else "/invoice-documents"
    answer = await desk.service.api.post(
        place, content=content, params={"name": "a.xml"}, headers=headers
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["document_id"]


async def listed(desk: Any, **params: str) -> Any:
    headers = desk.service.headers(["finance"])
    return await desk.service.api.get("/tax/input-invoices", params=params, headers=headers)


def typed(number: str, issued_on: str, code: str = "", **more: str) -> dict[str, Any]:
    line = {"name": "tea", "net": "10.00", "tax": "1.30", "tax_percent": "13"}
    return {
        "supplier_id": "acme",
        "code": code,
        "number": number,
        "issued_on": issued_on,
        "seller_name": "Acme",
        "seller_tax_id": "91310000MA1K3XXXX1",
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "CNY",
        "net": "10.00",
        "tax": "1.30",
        "total": "11.30",
        "lines": [line],
        **more,
    }


async def test_a_confirmed_document_is_booked_as_it_was_read_and_once(desk: Any) -> None:
    """C4."""
    read = invoices.make(21, discount=True)
    document_id = await upload(desk, invoices.as_xml(read))
    place, body = f"/invoice-documents/{document_id}/book", {"supplier_id": "acme"}
    early = await desk.send(place, body, "finance")
    assert (early.status_code, early.json()["code"]) == (409, "invoice_document_not_ready")
    await read_documents(desk.service.context)
    answer = await desk.send(place, body, "finance")
    assert answer.status_code == 201, answer.text
    booked = answer.json()
    assert (booked["number"], booked["document_id"]) == (read.number, document_id)
    assert [line["name"] for line in booked["lines"]] == [line.name for line in read.lines]
    again = await desk.send(place, body, "finance")
    assert (again.status_code, again.json()["code"]) == (409, "invoice_booked_before")
    unknown = await desk.send(f"/invoice-documents/{uuid4()}/book", body, "finance")
    assert unknown.status_code == 404


async def test_what_a_supplier_uploaded_is_not_booked_for_another(desk: Any) -> None:
    await desk.supplier(supplier_id="best")
    await desk.send("/suppliers/best/users", {"subject": "bo@best"}, "buyer")
    content = invoices.as_xml(invoices.make(22))
    document_id = await upload(desk, content, "supplier", subject="bo@best")
    await read_documents(desk.service.context)
    place = f"/invoice-documents/{document_id}/book"
    refused = await desk.send(place, {"supplier_id": "acme"}, "finance")
    assert (refused.status_code, refused.json()["code"]) == (409, "document_of_other_supplier")
    assert (await desk.send(place, {"supplier_id": "best"}, "finance")).status_code == 201


async def test_the_input_list_names_what_was_issued_in_the_period(desk: Any) -> None:
    """H5: in the order of issue, with totals, and without what was refused."""
    for body in (
        typed("26312000000000000001", "2026-11-30", seller_name="=2+3"),
        typed("00345678", "2026-11-01", code="031001900111", kind="special"),
        typed("26312000000000000002", "2026-12-01"),
    ):
        assert (await desk.send("/invoices", body, "finance")).status_code == 201
    wrong = await desk.send("/invoices", typed("26312000000000000003", "2026-11-02"), "finance")
    path = f"/invoices/{wrong.json()['invoice_id']}/refuse"
    assert (await desk.send(path, {"reason": "not ours"}, "finance")).status_code == 200
    answer = await listed(desk, period="2026-11")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == HEAD
    assert [(row[1], row[2], row[3], row[4]) for row in rows[1:3]] == [
        ("031001900111", "00345678", "", "2026-11-01"),
        ("", "", "26312000000000000001", "2026-11-30"),
    ]
    assert rows[2][6] == "'=2+3"
    assert (rows[1][11], rows[2][11]) == ("增值税专用发票", "数电发票（增值税专用发票）")
    assert rows[3] == ["合计", *[""] * 5, "2 张", "20.00", "2.60", "22.60", "CNY", ""]
    assert len(rows) == 4


async def test_an_older_invoice_is_listed_by_what_its_title_and_its_number_say(desk: Any) -> None:
    """H5: with code and number, as the ordinary one that its title says it is."""
    older = invoices.make(23, digital=False)
    document_id = await upload(desk, invoices.as_pdf(older), media="application/pdf")
    await read_documents(desk.service.context)
    place, body = f"/invoice-documents/{document_id}/book", {"supplier_id": "acme"}
    for kind in ("special", "digital_ordinary"):
        refused = await desk.send(place, {**body, "kind": kind}, "finance")
        assert (refused.status_code, refused.json()["code"]) == (422, "invoice_kind_contradicted")
    booked = await desk.send(place, body, "finance")
    assert booked.json()["kind"] == "ordinary", booked.text
    answer = await listed(desk, period=f"{older.issued_on:%Y-%m}")
    _, row, _ = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (row[1:4], row[11]) == ([older.code, older.number, ""], "增值税普通发票")


async def test_a_kind_that_nobody_has_seen_is_not_guessed(desk: Any) -> None:
    """C4: whether tax may be deducted is said by the title, or by a person."""
    blank = invoices.as_xml(invoices.make(24)).replace(b"GeneralOrSpecialVAT", b"Other")
    document_id = await upload(desk, blank)
    await read_documents(desk.service.context)
    place, body = f"/invoice-documents/{document_id}/book", {"supplier_id": "acme"}
    refused = await desk.send(place, body, "finance")
    assert (refused.status_code, refused.json()["code"]) == (422, "invoice_kind_unknown")
    assert refused.json()["possible"] == "digital_special or digital_ordinary"
    said = await desk.send(place, {**body, "kind": "digital_ordinary"}, "finance")
    assert (said.status_code, said.json()["kind"]) == (201, "digital_ordinary")


async def test_figures_that_no_invoice_has_are_refused_before_they_are_booked(desk: Any) -> None:
    read = invoices.make(25, of=[invoices.line(2, "1000000", "1250000.00")])
    document_id = await upload(desk, invoices.as_xml(replace(read, total_in_words="")))
    await read_documents(desk.service.context)
    place, body = f"/invoice-documents/{document_id}/book", {"supplier_id": "acme"}
    refused = await desk.send(place, {**body, "currency": "CNY"}, "finance")
    assert (refused.status_code, refused.json()["code"]) == (422, "invoice_does_not_add_up")
    assert "net 1250000000000.00 has more than 12 digits" in refused.json()["figures"]


async def test_the_input_list_is_a_workbook_too_with_numbers_kept_as_text(desk: Any) -> None:
    """H5."""
    await desk.send("/invoices", typed("26312000000000000001", "2026-11-30"), "finance")
    answer = await listed(desk, period="2026-11", form="xlsx")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert all(name in texts for name in (*HEAD, "26312000000000000001"))
    assert "<v>11.30</v>" in cells


async def test_a_period_is_a_month(desk: Any) -> None:
    for period in ("2026", "2026-13", "26-11"):
        assert (await listed(desk, period=period)).status_code == 422
