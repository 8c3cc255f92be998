"""OFD (GB/T 33190): a zip of XML; the data it carries first, then its text by position."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from invoice_reading.gate import UNPACKED_BYTES_MAX, inspect
from invoice_reading.layout import read_pieces, seen_in
from invoice_reading.model import Piece, Read, Unreadable
from invoice_reading.structured import local, parse, read_element

PAGES_MAX = 20
TAGS = {
    "InvoiceCode": "code",
    "InvoiceNo": "number",
    "BuyerName": "buyer_name",
    "BuyerTaxID": "buyer_tax_id",
    "SellerName": "seller_name",
    "SellerTaxID": "seller_tax_id",
}


class Archive:
    """The files in an OFD, unpacked one by one and never more than the bound in all."""

    def __init__(self, data: bytes) -> None:
        inspect(data)
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._left = UNPACKED_BYTES_MAX
        self.names = [name for name in self._zip.namelist() if name.lower().endswith(".xml")]

    def read(self, name: str) -> bytes:
        """Return a file; what its directory says of its size is not believed."""
        try:
            with self._zip.open(name) as file:
                data = file.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise Unreadable("file_truncated") from error
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable("archive_too_large", limit_bytes=UNPACKED_BYTES_MAX)
        return data


def read_ofd(data: bytes) -> Read:
    """Return the invoice in an OFD, or raise."""
    archive = Archive(data)
    roots = {name: parse(archive.read(name)) for name in archive.names}
    for name, root in roots.items():
        if "attach" in name.lower() and (read := read_element(root)):
            read.form = "ofd"
            return read
    pages = [
        (name, root)
        for name, root in sorted(roots.items())
        if "/pages/" in "/" + name.lower() and local(root) == "Page"
    ]
    if len(pages) > PAGES_MAX:
        raise Unreadable("too_many_pages", pages=len(pages), limit=PAGES_MAX)
    width, height = _size(roots)
    pieces: dict[str, Piece] = {}
    for number, (_, root) in enumerate(pages):
        pieces |= dict(_pieces(root, number, width))
    heights = [height / width] * max(1, len(pages))
    head, lines = read_pieces(list(pieces.values()), heights)
    for name, refs in _tagged(roots, pieces):
        head[name] = seen_in(refs, "".join(piece.text for piece in refs), heights)
    if not head:
        raise Unreadable("not_an_invoice")
    return Read("ofd", len(pages), heights, head=head, lines=lines)


def _tagged(
    roots: dict[str, Element], pieces: dict[str, Piece]
) -> Iterator[tuple[str, list[Piece]]]:
    """Return the fields whose pieces the maker of the file named."""
    for root in roots.values():
        for element in root.iter():
            name = TAGS.get(local(element))
            refs = [pieces[ref.text] for ref in element if ref.text in pieces] if name else []
            # A label may be tagged with its value: then only the layout tells them apart.
            if name and refs and not any(mark in piece.text for piece in refs for mark in ":："):
                yield name, refs


def _size(roots: dict[str, Element]) -> tuple[float, float]:
    for root in roots.values():
        for element in root.iter():
            if local(element) == "PhysicalBox" and element.text:
                _, _, width, height = _numbers(element.text, 4)
                if 0 < width < 10_000 and 0 < height < 10_000:
                    return width, height
    return 210.0, 140.0


def _pieces(root: Element, page: int, width: float) -> Iterator[tuple[str, Piece]]:
    for element in root.iter():
        if local(element) != "TextObject":
            continue
        left, top, wide, high = _numbers(element.get("Boundary", ""), 4)
        text = "".join(
            code.text or "" for code in element.iter() if local(code) == "TextCode"
        ).strip()
        if text:
            box = (left / width, top / width, (left + wide) / width, (top + high) / width)
            yield element.get("ID", f"{page}:{left}:{top}"), Piece(text[:1000], page, *box, 0.97)


def _numbers(text: str, count: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError as error:
        raise Unreadable("xml_broken", error=text[:100]) from error
    if len(numbers) != count:
        raise Unreadable("xml_broken", error=text[:100])
    return numbers
