"""C4: an invoice is read the same in whichever form it comes."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from bench import invoices
from bench.invoices import Invoice
from invoice_reading.amounts import date_of, number_of, words_of
from invoice_reading.chain import read_invoice
from invoice_reading.layout import read_pieces
from invoice_reading.model import Piece, Read, Unreadable


def same(read: Read, invoice: Invoice, **marked: str) -> None:
    """Assert that all was read that stands there, and nothing else."""
    assert {name: seen.value for name, seen in read.head.items()} == invoice.head | marked
    lines = [{name: seen.value for name, seen in line.items()} for line in read.lines]
    assert lines == [
        {name: value for name, value in vars(line).items() if value} for line in invoice.lines
    ]


def made(seed: int) -> Invoice:
    """Return an invoice with many or few lines, with or without a discount, old or new."""
    lines = (0, 1, 16, 17, 40)[seed % 5]
    return invoices.make(seed, lines, digital=seed % 2 == 0, discount=seed % 3 == 0)


FORMS: dict[str, Callable[[Invoice], bytes]] = {
    "ofd": invoices.as_ofd,
    "pdf": invoices.as_pdf,
}


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("form", FORMS)
def test_text_is_read_by_where_it_stands(form: str, seed: int) -> None:
    """C4: both layouts, discounts, and tables over several pages."""
    invoice = made(seed)
    read = read_invoice(FORMS[form](invoice))
    assert read.form == form
    same(read, invoice, currency="CNY")
    total = read.head["total"]
    assert total.page == read.pages
    assert total.box
    assert total.box[0] < total.box[2]


@pytest.mark.parametrize("seed", range(6))
def test_a_title_stands_above_and_never_among_the_remarks(seed: int) -> None:
    """C4: where it was not seen, a remark is not taken for it."""
    invoice = made(seed)
    pages = invoices.pages_of(invoice)
    other = "开具增值税专用发票" if invoice.code else "开具普通发票"
    pages[-1].append((20.0, max(top for _, top, _, _ in pages[-1]) + 8, 3.2, other))

    def title(above: int) -> str | None:
        pieces = [
            Piece(text, page, x / 210, y / 210, (x + high * len(text)) / 210, (y + high) / 210)
            for page, spots in enumerate(pages)
            for x, y, high, text in spots
            if page or y > above
        ]
        head, _ = read_pieces(pieces, [1.0] * len(pages))
        return head["title"].value if "title" in head else None

    assert title(0) == invoice.title
    assert title(7) is None


@pytest.mark.parametrize(
    ("mark", "currency"),
    [
        ("￥", "CNY"),
        ("CNY ", "CNY"),
        ("RMB", "CNY"),
        ("$", "USD"),
        ("USD ", "USD"),
        ("HK$", "HKD"),
        ("€", "EUR"),
        ("", None),
    ],
)
def test_the_mark_before_the_sums_says_in_which_currency_they_are(
    mark: str, currency: str | None
) -> None:
    """C4: a sign or a code; it is kept with its place, and the sums are read all the same."""
    invoice = replace(invoices.make(11, 2), mark=mark)
    read = read_invoice(invoices.as_ofd(invoice))
    same(read, invoice, **({"currency": currency} if currency else {}))
    if currency:
        assert (read.head["currency"].page, read.head["currency"].box) == (
            read.head["total"].page,
            read.head["total"].box,
        )


def test_sums_in_two_currencies_are_in_doubt() -> None:
    """C4: what stands before the total counts, and nobody is sure of it."""
    invoice = invoices.make(12, 1)
    spots = [
        (x / 210, y / 210, text if "小写" in text else text.replace("¥", "$"))
        for x, y, _, text in invoices.pages_of(invoice)[0]
    ]
    pieces = [Piece(text, 0, x, y, x + 0.1, y + 0.015) for x, y, text in spots]
    head, _ = read_pieces(pieces, [1.0])
    assert (head["currency"].value, head["currency"].confidence) == ("CNY", 0.0)
    assert (head["net"].value, head["total"].value) == (invoice.net, invoice.total)


def test_a_currency_that_was_added_to_the_data_is_taken() -> None:
    """C4."""
    told = b"<CurrencyCode>USD</CurrencyCode></EInvoice>"
    data = invoices.as_xml(invoices.make(13)).replace(b"</EInvoice>", told)
    assert read_invoice(data).head["currency"].value == "USD"


@pytest.mark.parametrize("seed", range(0, 10, 2))
def test_data_is_taken_as_it_is(seed: int) -> None:
    """C4: the XML of a 数电票, alone or attached to an OFD."""
    invoice = made(seed)
    same(read_invoice(invoices.as_xml(invoice)), invoice)
    read = read_invoice(invoices.as_ofd(invoice, attached=True))
    same(read, invoice)
    assert read.head["total"].confidence == 1


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("壹佰贰拾叁圆整", "123"),
        ("壹万零叁拾元伍角整", "10030.5"),
        ("贰拾万零伍佰圆零叁分", "200500.03"),
        ("叁亿零贰万圆整", "300020000"),
        ("拾圆整", "10"),
        ("伍角", "0.5"),
        ("负壹圆贰角叁分", "-1.23"),
    ],
)
def test_amounts_that_are_written_out_are_read(text: str, amount: str) -> None:
    assert words_of(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "整", "壹佰某拾圆整", "壹圆某角", "人民币"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert words_of(text) is None


def test_what_is_written_out_for_a_test_reads_as_it_was() -> None:
    for cents in range(1, 10**9, 7_654_321):
        amount = Decimal(cents).scaleb(-2)
        assert words_of(invoices.in_words(amount)) == amount


def test_numbers_and_days_are_read_with_their_marks() -> None:
    assert number_of("¥1,234.50") == Decimal("1234.50")
    assert number_of("-US$1,234.50") == Decimal("-1234.50")
    assert number_of("1.2.3") is None
    assert str(date_of("2026年02月28日")) == "2026-02-28"
    assert date_of("2026年02月30日") is None


def pdf(pages: int = 1, size: tuple[float, float] = (600, 400), lock: str = "") -> bytes:
    target = io.BytesIO()
    locked = StandardEncryption(lock, "owner") if lock else None
    canvas = Canvas(target, pagesize=size, encrypt=locked)
    for _ in range(pages):
        canvas.drawString(10, 10, "nothing that would be on an invoice, but long enough to be read")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def ofd_with(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", "<a/>")
        archive.writestr("Doc_0/Pages/Page_0/Content.xml", content)
    return target.getvalue()


EXTERNAL = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


def liar() -> bytes:
    """An archive that says of a file that it unpacks to much less than it does."""
    data = bytearray(ofd_with(b"<a>" + b" " * 60_000_000 + b"</a>"))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.rindex(mark)
        data[place + at : place + at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (pdf(lock="secret"), {"file_encrypted"}),
        (pdf(pages=300), {"too_many_pages"}),
        (pdf(size=(200_000, 200_000)), {"page_too_large"}),
        (pdf(), {"not_an_invoice"}),
        (b"%PDF-1.7\nnothing that follows\n%%EOF", {"pdf_broken", "too_many_pages"}),
        (b"<a>" * 500 + b"</a>" * 500, {"xml_too_deep"}),
        (b"<a><b></a>", {"xml_broken"}),
        (b"<a>no invoice</a>", {"not_an_invoice"}),
        (EXTERNAL.encode("utf-16"), {"file_type_unknown"}),
        (ofd_with(EXTERNAL.encode()), {"xml_with_entities"}),
        (ofd_with(EXTERNAL.encode("utf-16")), {"xml_with_entities"}),
        (ofd_with(b'<P><TextObject Boundary="a b"/></P>'), {"not_an_invoice"}),
        (liar(), {"archive_too_large", "file_truncated", "xml_broken"}),
        (b"\xff\xd8\xff\xe0 no picture \xff\xd9", {"picture_broken"}),
    ],
)
def test_what_does_harm_inside_is_refused(data: bytes, codes: set[str]) -> None:
    """C4: entities, bombs that lie about their size, endless and huge pages, passwords."""
    with pytest.raises(Unreadable) as refused:
        read_invoice(data)
    assert refused.value.code in codes
