"""The cheap checks of an upload: what it really is, whether it is whole, whether it is a bomb.

Nothing is unpacked, parsed or decoded here, and only the standard library is used: this runs in
the API. Pictures are checked as every photo that is attached is. What can be told only by looking
inside is told by the reader in its own process.
"""

import io
import re
import struct
import zipfile

from attachments.pictures import NoPicture, check_jpeg, check_png
from invoice_reading.model import Unreadable

ENTRIES_MAX = 200
UNPACKED_BYTES_MAX = 32 * 1024 * 1024
RATIO_MAX = 120
NESTED = (".zip", ".ofd", ".jar", ".gz", ".7z", ".rar", ".docx", ".xlsx")
MEDIA_TYPES = {
    "xml": ("application/xml", "text/xml"),
    "ofd": ("application/ofd", "application/zip"),
    "pdf": ("application/pdf",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
}
ANYTHING = ("", "application/octet-stream")
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def inspect(data: bytes, media_type: str = "") -> str:
    """Return what the file is (xml, ofd, pdf, jpeg or png), or raise."""
    if not data.strip():
        raise Unreadable("file_empty")
    kind = kind_of(data)
    declared = media_type.partition(";")[0].strip().lower()
    if declared not in ANYTHING and declared not in MEDIA_TYPES[kind]:
        raise Unreadable("file_mislabelled", declared=declared, found=kind)
    try:
        CHECKS[kind](data)
    except NoPicture as error:
        raise Unreadable(error.code, **error.facts) from error
    return kind


def kind_of(data: bytes) -> str:
    """Return what the first bytes say, or raise."""
    for start, kind in (
        (b"%PDF-", "pdf"),
        (b"PK\x03\x04", "ofd"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
    ):
        if data.startswith(start):
            return kind
    if data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "xml"
    raise Unreadable("file_type_unknown")


def _xml(data: bytes) -> None:
    if DOCTYPE.search(data):
        raise Unreadable("xml_with_entities")
    if not data.rstrip().endswith(b">"):
        raise Unreadable("file_truncated")


def _pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise Unreadable("file_truncated")


def _ofd(data: bytes) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, struct.error) as error:
        raise Unreadable("file_truncated") from error
    entries = archive.infolist()
    if len(entries) > ENTRIES_MAX:
        raise Unreadable("archive_too_large", entries=len(entries), limit_entries=ENTRIES_MAX)
    for entry in entries:
        _must_be_harmless(entry)
    total = sum(entry.file_size for entry in entries)
    if total > UNPACKED_BYTES_MAX or total > RATIO_MAX * len(data):
        raise Unreadable("archive_too_large", bytes=total, limit_bytes=UNPACKED_BYTES_MAX)
    if "OFD.xml" not in archive.namelist():
        raise Unreadable("not_an_ofd")


def _must_be_harmless(entry: zipfile.ZipInfo) -> None:
    parts = entry.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise Unreadable("archive_path_forbidden", path=entry.filename[:200])
    if entry.filename.lower().endswith(NESTED):
        raise Unreadable("archive_nested", path=entry.filename[:200])
    if entry.flag_bits & 1:
        raise Unreadable("file_encrypted")


CHECKS = {"xml": _xml, "pdf": _pdf, "png": check_png, "jpeg": check_jpeg, "ofd": _ofd}
