"""Invoices are uploaded once, read, confirmed where in doubt, and nobody's but their supplier's."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from bench import invoices
from purchasing.recognition import store
from purchasing.recognition.domain import DocumentStatus
from purchasing.recognition.tables import documents
from purchasing.recognition.use_cases import read_documents as reading
from purchasing.recognition.use_cases.read_documents import read_documents
from purchasing.suppliers.tables import suppliers
from servicekit.clock import shifted

XML = {"Content-Type": "application/xml"}


async def upload(
    desk: Any, content: bytes, role: str = "buyer", path: str = "/invoice-documents", **extra: Any
) -> Any:
    headers = desk.service.headers([role], subject=extra.pop("subject", "bob")) | extra
    return await desk.service.api.post(
        path, content=content, params={"name": "a.bin"}, headers=headers
    )


async def show(desk: Any, document_id: str, path: str = "/invoice-documents") -> Any:
    headers = desk.service.headers(["finance"])
    return (await desk.service.api.get(f"{path}/{document_id}", headers=headers)).json()


async def test_an_invoice_in_no_doubt_is_confirmed_by_itself(desk: Any) -> None:
    """C4."""
    invoice = invoices.make(1, discount=True)
    answer = await upload(desk, invoices.as_xml(invoice), **XML)
    assert (answer.status_code, answer.json()["status"]) == (201, "waiting")
    await read_documents(desk.service.context)
    document_id = answer.json()["document_id"]
    shown = await show(desk, document_id)
    assert (shown["status"], shown["doubts"], shown["confirmed_by"]) == ("confirmed", [], None)
    assert shown["reading"]["head"]["total"]["value"] == invoice.total
    async with desk.service.context.database.transaction() as session:
        booked = await store.confirmed_invoice(session, document_id)
    assert (booked.number, str(booked.total)) == (invoice.number, invoice.total)
    assert [line.amount for line in booked.lines] == [
        Decimal(line.amount) for line in invoice.lines
    ]


async def test_a_person_confirms_what_is_in_doubt(desk: Any) -> None:
    """C4: the printed total is wrong; finance says what is right, against the version it saw."""
    invoice = invoices.make(2)
    wrong = invoices.wrong_total(invoice)
    document_id = (await upload(desk, invoices.as_xml(wrong))).json()["document_id"]
    await read_documents(desk.service.context)
    shown = await show(desk, document_id)
    assert shown["status"] == "read"
    assert {"net", "tax", "total"} <= set(shown["doubts"])
    place, body = f"/invoice-documents/{document_id}/confirm", {"accepted": ["net", "tax"]}
    stale = await desk.send(place, body, "finance", **{"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    left = await desk.send(place, body, "finance")
    assert (left.status_code, left.json()["code"]) == (422, "invoice_fields_in_doubt")
    assert "total" in left.json()["fields"]
    body = {"accepted": shown["doubts"], "corrections": {"total": invoice.total}}
    done = await desk.send(place, body, "finance", **{"If-Match": f'"{shown["version"]}"'})
    assert (done.status_code, done.json()["status"]) == (200, "confirmed")
    assert done.json()["reading"]["head"]["total"]["read"] == wrong.total
    again = await desk.send(place, body, "finance")
    assert (again.status_code, again.json()["code"]) == (409, "invoice_document_not_ready")
    assert (await desk.send(place, body, "buyer")).status_code == 403


async def test_signs_that_no_database_keeps_are_refused_or_left_out(desk: Any) -> None:
    """C4: typed they are refused; in the text of a PDF nobody sees them."""
    wrong = invoices.wrong_total(invoices.make(9))
    document_id = (await upload(desk, invoices.as_xml(wrong))).json()["document_id"]
    await read_documents(desk.service.context)
    place = f"/invoice-documents/{document_id}/confirm"
    body = {"corrections": {"seller_name": "Ac\x00me"}}
    refused = await desk.send(place, body, "finance")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    invoice = invoices.make(10, 3)
    spots = [
        (left, top, size, text.replace(invoice.seller_name, f"\x00{invoice.seller_name}\x01"))
        for left, top, size, text in invoices.pages_of(invoice)[0]
    ]
    document_id = (await upload(desk, spelt_out(spots))).json()["document_id"]
    await read_documents(desk.service.context)
    shown = await show(desk, document_id)
    assert (shown["status"], shown["failure"]) in [("read", None), ("confirmed", None)]
    assert shown["reading"]["head"]["seller_name"]["value"] == invoice.seller_name


def spelt_out(spots: list[invoices.Spot]) -> bytes:
    """Write a PDF whose font says of each of its signs what it stands for, whatever that is."""
    signs = sorted({sign for *_, text in spots for sign in text})
    said = "\n".join(f"<{at:02x}> <{ord(sign):04x}>" for at, sign in enumerate(signs, start=1))
    point, text = 72 / 25.4, "BT\n"
    for left, top, size, words in spots:
        codes = "".join(f"{signs.index(sign) + 1:02x}" for sign in words)
        place = f"{left * point:.2f} {(200 - top - size) * point:.2f}"
        text += f"/F {size * point:.2f} Tf 1 0 0 1 {place} Tm <{codes}> Tj\n"
    cmap = f"begincmap\n{len(signs)} beginbfchar\n{said}\nendbfchar\nendcmap"
    widths = " ".join(["600"] * 256)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 596 570]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(text) + 2}>>stream\n{text}ET\nendstream",
        "<</Type/Font/Subtype/TrueType/BaseFont/Plain/FirstChar 0/LastChar 255"
        f"/Widths[{widths}]/ToUnicode 6 0 R>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    body, places = "%PDF-1.4\n", ""
    for at, one in enumerate(objects, start=1):
        places += f"{len(body):010} 00000 n \n"
        body += f"{at} 0 obj\n{one}\nendobj\n"
    table = f"xref\n0 7\n0000000000 65535 f \n{places}trailer\n<</Root 1 0 R/Size 7>>\n"
    return f"{body}{table}startxref\n{len(body)}\n%%EOF\n".encode()


async def test_the_same_file_is_stored_once_and_named(desk: Any) -> None:
    """C4."""
    data = invoices.as_pdf(invoices.make(3))
    first = (await upload(desk, data)).json()
    second = await upload(desk, data)
    assert (second.status_code, second.json()["code"]) == (409, "duplicate_invoice_file")
    assert second.json()["document_id"] == first["document_id"]
    found = await desk.service.api.get(
        f"/invoice-documents/{first['document_id']}/file", headers=desk.service.headers(["buyer"])
    )
    assert found.content == data
    assert found.headers["content-type"] == "application/pdf"
    assert found.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "file_empty"),
        (b"hello", "file_type_unknown"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml_with_entities"),
        (bytes(11_000_000), "file_too_large"),
    ],
)
async def test_what_is_no_invoice_is_refused_with_advice(
    desk: Any, data: bytes, cause: str
) -> None:
    """C4."""
    answer = await upload(desk, data)
    assert (answer.status_code, answer.json()["code"]) == (422, "invoice_file_refused")
    assert answer.json()["cause"] == cause


async def test_a_body_beyond_all_bounds_is_not_even_read(desk: Any) -> None:
    assert (await upload(desk, bytes(13_000_000))).status_code == 413


async def test_what_can_not_be_read_fails_with_its_reason_and_can_be_retried(desk: Any) -> None:
    """C4."""
    document_id = (await upload(desk, b"<a>no invoice</a>")).json()["document_id"]
    await read_documents(desk.service.context)
    shown = await show(desk, document_id)
    assert (shown["status"], shown["failure"]["cause"]) == ("failed", "not_an_invoice")
    place = f"/invoice-documents/{document_id}/retry"
    assert (await desk.send(place, None, "buyer")).json()["status"] == "waiting"
    refused = await desk.send(place, None, "buyer")
    assert refused.json()["code"] == "invoice_document_not_ready"


async def test_a_document_whose_reader_died_is_read_by_another_and_kept_once(desk: Any) -> None:
    """C4: the lease runs out; whoever lost it can keep nothing any more."""
    context = desk.service.context
    settings = reading.settings_of(context)
    document_id = (await upload(desk, invoices.as_xml(invoices.make(4)))).json()["document_id"]
    async with context.database.transaction() as session:
        lost = await reading._take(session, settings)
    assert lost is not None
    assert (await show(desk, document_id))["status"] == "reading"
    assert not await reading.read_next(context)
    with shifted(timedelta(minutes=10)):
        assert await reading.read_next(context)
    shown = await show(desk, document_id)
    assert (shown["status"], shown["attempts"]) == ("confirmed", 2)
    await reading._read(context, settings, lost)
    assert await show(desk, document_id) == shown


async def test_a_document_that_kills_its_readers_is_given_up(desk: Any) -> None:
    """C4: so many tries, and not one more."""
    context = desk.service.context
    settings = reading.settings_of(context)
    document_id = (await upload(desk, invoices.as_xml(invoices.make(5)))).json()["document_id"]
    for minutes in (0, 10, 20):
        with shifted(timedelta(minutes=minutes)):
            async with context.database.transaction() as session:
                assert await reading._take(session, settings)
    with shifted(timedelta(minutes=30)):
        await read_documents(context)
    shown = await show(desk, document_id)
    assert (shown["status"], shown["failure"]["cause"]) == ("failed", "no_answer")


async def test_a_document_that_another_is_taking_is_passed_over(desk: Any) -> None:
    context = desk.service.context
    settings = reading.settings_of(context)
    for seed in (6, 7):
        await upload(desk, invoices.as_xml(invoices.make(seed)))
    async with context.database.transaction() as one, context.database.transaction() as two:
        first, second = await reading._take(one, settings), await reading._take(two, settings)
    assert first is not None
    assert second is not None
    assert first.document_id != second.document_id


async def test_a_supplier_uploads_and_sees_its_own_alone(desk: Any) -> None:
    """C2, C4: another's documents are not even there."""
    await desk.supplier(supplier_id="best")
    for supplier_id, subject in (("acme", "lin"), ("best", "wu")):
        await desk.send(f"/suppliers/{supplier_id}/users", {"subject": subject}, "buyer")
    data, portal = invoices.as_xml(invoices.make(8)), "/portal/invoice-documents"
    mine = await upload(desk, data, "supplier", portal, subject="lin")
    assert (mine.status_code, mine.json()["supplier_id"]) == (201, "acme")
    place = f"{portal}/{mine.json()['document_id']}"

    async def seen(subject: str, path: str) -> Any:
        headers = desk.service.headers(["supplier"], subject=subject)
        return await desk.service.api.get(path, headers=headers)

    assert len((await seen("lin", portal)).json()["items"]) == 1
    assert (await seen("lin", place)).json()["sha256"] == mine.json()["sha256"]
    assert (await seen("wu", portal)).json()["items"] == []
    assert (await seen("wu", place)).json()["code"] == "unknown_invoice_document"
    assert (await seen("stranger", portal)).json()["code"] == "not_a_portal_user"
    assert (await seen("lin", "/invoice-documents")).status_code == 403
    twin = await upload(desk, data, "supplier", portal, subject="wu")
    assert (twin.json()["code"], twin.json()["document_id"]) == ("duplicate_invoice_file", None)


async def test_documents_are_listed_newest_first_and_by_status(desk: Any) -> None:
    ids = [
        (await upload(desk, invoices.as_xml(invoices.make(seed)))).json()["document_id"]
        for seed in (20, 21, 22)
    ]
    async with desk.service.context.database.transaction() as session:
        step = update(documents).where(documents.c.document_id == ids[1])
        await session.execute(step.values(status=DocumentStatus.FAILED))
    api, headers = desk.service.api, desk.service.headers(["finance"])

    async def listed(**params: Any) -> Any:
        return (await api.get("/invoice-documents", params=params, headers=headers)).json()

    assert [one["document_id"] for one in (await listed())["items"]] == ids[::-1]
    assert [one["document_id"] for one in (await listed(status="failed"))["items"]] == [ids[1]]
    page = await listed(limit=2)
    rest = await listed(limit=2, cursor=page["next_cursor"])
    assert [one["document_id"] for one in rest["items"]] == [ids[0]]


async def set_tax_id(desk: Any, tax_id: str) -> None:
    async with desk.service.context.database.transaction() as session:
        step = update(suppliers).where(suppliers.c.supplier_id == "acme")
        await session.execute(step.values(tax_id=tax_id))


async def test_a_seller_that_is_a_supplier_is_surer(desk: Any) -> None:
    """C4: the seller is known by its tax id."""
    invoice = invoices.make(30)
    await set_tax_id(desk, invoice.seller_tax_id)
    document_id = (await upload(desk, invoices.as_xml(invoice))).json()["document_id"]
    await read_documents(desk.service.context)
    checks = (await show(desk, document_id))["reading"]["checks"]
    assert [one["holds"] for one in checks if one["name"] == "seller_is_the_supplier"] == [True]


async def test_what_a_supplier_uploads_for_another_seller_is_in_doubt(desk: Any) -> None:
    """C4."""
    await set_tax_id(desk, invoices.make(31).seller_tax_id)
    await desk.send("/suppliers/acme/users", {"subject": "lin"}, "buyer")
    foreign = invoices.as_xml(invoices.make(32))
    portal = "/portal/invoice-documents"
    document_id = (await upload(desk, foreign, "supplier", portal, subject="lin")).json()[
        "document_id"
    ]
    await read_documents(desk.service.context)
    shown = await show(desk, document_id)
    assert (shown["status"], shown["doubts"]) == ("read", ["seller_tax_id"])
