"""What a scanned code may be, before anything is looked up."""

import re
from dataclasses import dataclass
from datetime import date

from inventory.scanning.domain import gs1
from inventory.scanning.domain.gs1 import Label

SYMBOLS = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""How a scanner that is told to says which kind of bar code it read (ISO/IEC 15424)."""
GS1_SYMBOLS = frozenset({"]C1", "]d2", "]e0", "]J1", "]Q3"})
"""Those whose text is an element string."""
GTIN_LENGTHS = frozenset({8, 12, 13, 14})
GTIN_MAX = max(GTIN_LENGTHS)
SSCC_LENGTH = 18
ELEMENTS = re.compile(r"(?:00(?P<sscc>[0-9]{18})|0[12](?P<gtin>[0-9]{14}))")
"""How most element strings begin."""
TRACE_CODE = re.compile(r"(8[0-9]{6})[0-9]{13}")
"""China's electronic trace code of drugs: 7 digits for the product, 13 for the single pack."""


@dataclass(frozen=True)
class TraceCode:
    """A code that names one single pack of a product."""

    product: str
    whole: str


@dataclass(frozen=True)
class Plain:
    """A text with no form of its own: an item's code, a serial number, a warehouse's entry code."""

    text: str
    misread: bool = False
    """It has the form of a GTIN with a wrong check digit: if nothing is called so, it was misread.
    """


Reading = Label | TraceCode | Plain


def read(code: str, today: date) -> Reading:
    """Return what a code says by itself; what it stands for is to be looked up."""
    symbol = code[:3] if SYMBOLS.match(code) else ""
    text = code.removeprefix(symbol)
    if symbol in GS1_SYMBOLS or text.startswith("(") or gs1.GS in text:
        return gs1.parse(text, today)
    if begun := ELEMENTS.match(text):
        # Many scanners don't say what kind of code they read.
        is_gs1 = gs1.is_checked(begun["sscc"] or begun["gtin"])
        return gs1.parse(text, today) if is_gs1 else Plain(text, misread=True)
    return _digits(text) if text.isascii() and text.isdigit() else Plain(text)


def _digits(text: str) -> Reading:
    """Tell numbers apart that came without a word on what they are."""
    if len(text) in GTIN_LENGTHS:
        is_gtin = gs1.is_checked(text)
        return Label(gtin=text.zfill(GTIN_MAX)) if is_gtin else Plain(text, misread=True)
    if len(text) == SSCC_LENGTH and gs1.is_checked(text):
        return Label(sscc=text)
    trace = TRACE_CODE.fullmatch(text)
    return TraceCode(trace[1], text) if trace else Plain(text)


def spellings_of(gtin: str) -> list[str]:
    """Return the ways a GTIN may be written, the longest first: zeros in front say nothing."""
    shortest = gtin.lstrip("0")
    return [gtin[-size:] for size in sorted(GTIN_LENGTHS, reverse=True) if size >= len(shortest)]
