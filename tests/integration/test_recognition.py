"""Uploaded invoices are read by a process of their own, whatever becomes of it."""

import signal
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from bench import invoices
from devstack.blueprint import CURRENCY, OWN_TAX_ID

PLACE = "/invoice-documents"
DEADLINE_SECONDS = 180
DEADLINE_OF_TWO_SECONDS = 600
"""For a document that is read again: its lease runs out first, and reading may take its time."""


async def upload(chain: Any, content: bytes) -> Any:
    """Upload a file in the role of a buyer."""
    return await chain.http.post(
        chain.stack.info.service_urls["purchasing"] + PLACE,
        content=content,
        params={"name": "invoice"},
        headers={
            "Authorization": f"Bearer {chain.stack.token('bob', ['buyer'], ['*'], 1)}",
            "Idempotency-Key": str(uuid4()),
        },
    )


async def until(
    chain: Any, document_id: str, *wanted: str, seconds: float = DEADLINE_SECONDS
) -> dict[str, Any]:
    """Return the document once it stands where it should."""

    async def there() -> dict[str, Any] | None:
        shown: dict[str, Any] = chain.must(await chain.get("purchasing", f"{PLACE}/{document_id}"))
        return shown if shown["status"] in wanted else None

    what = f"{document_id} to be {wanted}"
    return dict(await chain.eventually(there, what, seconds))


def fresh_seed() -> int:
    """Return a seed that no earlier run on this platform has used."""
    return uuid4().int % 10**9


@pytest.mark.parametrize("form", ["xml", "ofd", "pdf", "scan", "picture"])
async def test_an_invoice_is_read_in_every_form(chain: Any, form: str) -> None:
    """C4: code, number, date, seller, lines, tax and total; a person decides what is in doubt."""
    invoice = invoices.make(fresh_seed(), 2, digital=form != "scan")
    write = getattr(invoices, f"as_{form}")
    document = chain.must(await upload(chain, write(invoice)))
    shown = await until(chain, document["document_id"], "read", "confirmed")
    assert shown["reading"]["form"] == form
    head = shown["reading"]["head"]
    for name in ("number", "issued_on", "net", "tax", "total"):
        assert head[name]["value"] == invoice.head[name], name
    assert len(shown["reading"]["lines"]) == 2
    if shown["status"] == "read":
        corrections = {name: invoice.head[name] for name in shown["doubts"] if name in invoice.head}
        body = {"corrections": corrections, "accepted": shown["doubts"]}
        place = f"{PLACE}/{document['document_id']}/confirm"
        shown = chain.must(await chain.post("purchasing", place, body))
    assert shown["status"] == "confirmed"


async def test_a_wrong_total_is_left_to_a_person(chain: Any) -> None:
    """C4."""
    invoice = invoices.wrong_total(invoices.make(fresh_seed()))
    document = chain.must(await upload(chain, invoices.as_pdf(invoice)))
    shown = await until(chain, document["document_id"], "read", "confirmed")
    assert (shown["status"], "total" in shown["doubts"]) == ("read", True)
    failed = {check["name"] for check in shown["reading"]["checks"] if not check["holds"]}
    assert "net_and_tax_make_total" in failed


async def test_a_killed_recognizer_reads_its_document_again_and_keeps_it_once(chain: Any) -> None:
    """C4: kill -9 while the document is being read; once it is confirmed, it is booked once."""
    # Few lines: its second reading must not run into the limit there is for one, however busy.
    invoice = replace(invoices.make(fresh_seed(), 4), buyer_tax_id=OWN_TAX_ID)
    await book_when_read(chain, invoice)
    document = chain.must(await upload(chain, invoices.as_picture(invoice, turn=180)))
    await until(chain, document["document_id"], "reading")
    chain.stack.kill("purchasing.recognizer", signal.SIGKILL)
    wanted = ("read", "confirmed")
    shown = await until(chain, document["document_id"], *wanted, seconds=DEADLINE_OF_TWO_SECONDS)
    assert shown["attempts"] == 2
    assert shown["reading"]["head"]["total"]["value"] == invoice.total
    # Waiting, taken, taken again, read: every step of it was taken once.
    assert shown["version"] == 4
    again = await upload(chain, invoices.as_picture(invoice, turn=180))
    assert again.json()["code"] == "duplicate_invoice_file"
    # Of a picture nothing proves who the buyer is: a person says so, and that it is in dollars.
    place = f"{PLACE}/{document['document_id']}"
    said = right(invoice, shown["doubts"]) | {"currency": CURRENCY}
    body = {"corrections": said, "accepted": shown["doubts"]}
    chain.must(await chain.post("purchasing", f"{place}/confirm", body))

    async def booked() -> Any:
        one = chain.must(await chain.get("purchasing", place))
        return one["invoice_id"] or one["not_booked"]

    invoice_id = await chain.eventually(booked, f"{place} to be booked")
    found = chain.must(await chain.get("purchasing", "/invoices", number=invoice.number))["items"]
    assert [one["invoice_id"] for one in found] == [invoice_id]


async def book_when_read(chain: Any, invoice: invoices.Invoice) -> None:
    """Let the seller of an invoice be a supplier whose invoices are booked by themselves."""
    supplier = f"/suppliers/{await chain.make_supplier()}"
    terms = {"tax_id": invoice.seller_tax_id, "name": invoice.seller_name}
    chain.must(await chain.post("purchasing", f"{supplier}/change", terms))
    body = {"invoice_booking": "when_read"}
    chain.must(await chain.post("purchasing", f"{supplier}/invoice-booking", body))


def right(invoice: invoices.Invoice, doubts: list[str]) -> dict[str, str]:
    """Return what really stands in these fields."""
    written = dict(invoice.head)
    for line_no, line in enumerate(invoice.lines, start=1):
        written |= {f"lines.{line_no}.{name}": text for name, text in vars(line).items()}
    return {path: written[path] for path in doubts if written.get(path)}


async def test_a_hostile_file_takes_nothing_down(chain: Any) -> None:
    """C4: what the gate can't see fails in its own process, and the next document is read."""
    bad = chain.must(await upload(chain, b"<a>" * 500 + uuid4().hex.encode() + b"</a>" * 500))
    good = chain.must(await upload(chain, invoices.as_xml(invoices.make(fresh_seed()))))
    shown = await until(chain, bad["document_id"], "failed")
    assert shown["failure"]["cause"] == "xml_too_deep"
    assert (await until(chain, good["document_id"], "confirmed"))["attempts"] == 1
