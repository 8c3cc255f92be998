"""PDF: its text where it has any, else pictures of its pages."""

import io
from collections.abc import Iterator

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException
from PIL import Image

from invoice_reading.layout import read_pieces
from invoice_reading.model import Piece, Read, Unreadable

PAGES_MAX = 20
SIDE_POINTS_MAX = 3_000
SIDE_PIXELS = 2_200
CHARACTERS_MAX = 100_000
ENOUGH_CHARACTERS = 40


def read_pdf(data: bytes) -> Read | None:
    """Return the invoice that the text of a PDF tells, or None if it has to be looked at."""
    pieces: list[Piece] = []
    heights: list[float] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if document.doc.encryption is not None:
                raise Unreadable("file_encrypted")
            _must_be_few(len(document.pages))
            for number, page in enumerate(document.pages):
                _must_fit(float(page.width), float(page.height))
                heights.append(float(page.height) / float(page.width))
                if len(page.chars) > CHARACTERS_MAX:
                    raise Unreadable("too_much_text", limit=CHARACTERS_MAX)
                pieces += _pieces(page, number)
    except (PdfminerException, PDFEncryptionError, PDFPasswordIncorrect) as error:
        if "Password" in repr(error) or "Encrypt" in repr(error):
            raise Unreadable("file_encrypted") from error
        raise Unreadable("pdf_broken", error=repr(error)[:200]) from error
    except (PDFException, PSException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable("pdf_broken", error=repr(error)[:200]) from error
    if len("".join(piece.text for piece in pieces)) < ENOUGH_CHARACTERS:
        return None
    head, lines = read_pieces(pieces, heights)
    return Read("pdf", len(heights), heights, head=head, lines=lines)


def _pieces(page: pdfplumber.page.Page, number: int) -> Iterator[Piece]:
    width = float(page.width)
    for word in page.extract_words(x_tolerance=2, y_tolerance=2, keep_blank_chars=True):
        box = (word["x0"], word["top"], word["x1"], word["bottom"])
        left, top, right, bottom = (float(part) / width for part in box)
        yield Piece(word["text"], number, left, top, right, bottom, 0.97)


def pictures_of(data: bytes) -> Iterator[Image.Image]:
    """Return a picture of each page, one at a time."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("pdf_broken", error=str(error)[:200]) from error
    _must_be_few(len(document))
    for page in document:
        width, height = page.get_size()
        _must_fit(width, height)
        yield page.render(scale=SIDE_PIXELS / max(width, height)).to_pil().convert("RGB")


def _must_be_few(pages: int) -> None:
    if not 1 <= pages <= PAGES_MAX:
        raise Unreadable("too_many_pages", pages=pages, limit=PAGES_MAX)


def _must_fit(width: float, height: float) -> None:
    if not (1 <= width <= SIDE_POINTS_MAX and 1 <= height <= SIDE_POINTS_MAX):
        raise Unreadable("page_too_large", width=round(width), height=round(height))
