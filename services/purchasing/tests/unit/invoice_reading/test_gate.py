"""C4: what can't be an invoice, or is made to do harm, is refused before anybody opens it."""

import io
import struct
import zipfile
import zlib

import pytest

from bench import invoices
from invoice_reading.gate import inspect
from invoice_reading.model import Unreadable

INVOICE = invoices.make(1)


def archive(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target.getvalue()


def png(width: int, height: int) -> bytes:
    """A picture whose head promises more than anybody wants to unpack."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def encrypted_ofd() -> bytes:
    data = bytearray(archive({"OFD.xml": b"<a/>"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "media_type", "kind"),
    [
        (invoices.as_xml(INVOICE), "application/xml; charset=utf-8", "xml"),
        (invoices.as_ofd(INVOICE), "application/ofd", "ofd"),
        (invoices.as_pdf(INVOICE), "application/pdf", "pdf"),
        (invoices.as_scan(INVOICE), "", "pdf"),
        (invoices.as_picture(INVOICE), "image/jpeg", "jpeg"),
        (invoices.as_picture(INVOICE, media="PNG"), "application/octet-stream", "png"),
    ],
)
def test_each_form_is_known_by_what_it_is(data: bytes, media_type: str, kind: str) -> None:
    assert inspect(data, media_type) == kind


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        (b"", "", "file_empty"),
        (b"  \n", "", "file_empty"),
        (b"MZ\x90\x00 a program", "", "file_type_unknown"),
        (invoices.as_pdf(INVOICE), "image/png", "file_mislabelled"),
        (invoices.as_xml(INVOICE), "application/pdf", "file_mislabelled"),
        (invoices.as_pdf(INVOICE)[:-200], "", "file_truncated"),
        (invoices.as_ofd(INVOICE)[:-200], "", "file_truncated"),
        (invoices.as_picture(INVOICE)[:-200], "", "file_truncated"),
        (invoices.as_picture(INVOICE, media="PNG")[:-200], "", "file_truncated"),
        (invoices.as_xml(INVOICE)[:-5], "", "file_truncated"),
        (png(60_000, 60_000), "", "picture_too_large"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "", "xml_with_entities"),
        (archive({"OFD.xml": bytes(30_000_000)}), "", "archive_too_large"),
        (archive({f"{n}.xml": b"<a/>" for n in range(300)}), "", "archive_too_large"),
        (archive({"OFD.xml": b"<a/>", "inner.zip": b"PK"}), "", "archive_nested"),
        (archive({"OFD.xml": b"<a/>", "../../etc/cron.d/x": b"x"}), "", "archive_path_forbidden"),
        (archive({"OFD.xml": b"<a/>", "/etc/passwd": b"x"}), "", "archive_path_forbidden"),
        (archive({"OFD.xml": b"<a/>", "..\\x": b"x"}), "", "archive_path_forbidden"),
        (archive({"word/document.xml": b"<a/>"}), "", "not_an_ofd"),
        (encrypted_ofd(), "", "file_encrypted"),
    ],
)
def test_what_is_no_invoice_or_does_harm_is_refused_at_once(
    data: bytes, media_type: str, code: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        inspect(data, media_type)
    assert refused.value.code == code
