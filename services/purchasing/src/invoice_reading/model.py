"""What reading an invoice yields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TITLES = ("增值税专用发票", "普通发票")
"""What stands above an invoice, as far as it matters: whether its tax may be deducted."""
CONTROLS: dict[int, str | None] = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))
)
CONTROLS |= {ord(space): " " for space in "\t\n\v\f\r"}
Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in thousandths of the page's width and height."""

HEAD = (
    "title",
    "code",
    "number",
    "issued_on",
    "buyer_name",
    "buyer_tax_id",
    "seller_name",
    "seller_tax_id",
    "net",
    "tax",
    "total",
    "total_in_words",
    "currency",
)
LINE = ("name", "specification", "unit", "quantity", "unit_price", "amount", "tax_rate", "tax")


def plain(text: str) -> str:
    """Return the text without signs that nobody sees: files can hold them, databases can't."""
    return text.translate(CONTROLS)


def title_in(text: str) -> str | None:
    """Return which of the titles the text is."""
    bare = "".join(text.split())
    return next((title for title in TITLES if title[-4:] in bare), None)


class Unreadable(Exception):
    """The file can't be an invoice that is read here; reading it again would not help."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code} {facts}")


@dataclass(frozen=True)
class Seen:
    """A value, how sure the reader is of it (0 to 1), and where it stood."""

    value: str
    confidence: float
    page: int | None = None
    box: Box | None = None

    def told(self) -> dict[str, Any]:
        """Return it as JSON; the confidence in hundredths."""
        return {
            "value": self.value,
            "confidence": f"{self.confidence:.2f}",
            "page": self.page,
            "box": list(self.box) if self.box else None,
        }


@dataclass(frozen=True)
class Piece:
    """Some text and where it stands; all measures in widths of its page."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0

    @property
    def middle(self) -> float:
        """The height at which it stands."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """How tall it is."""
        return self.bottom - self.top


@dataclass
class Read:
    """An invoice as it was read."""

    form: str
    pages: int = 1
    heights: Sequence[float] = (1.0,)
    """Of each page, in its widths."""
    turned: float = 0.0
    """By how many degrees the page had to be turned to be read."""
    head: dict[str, Seen] = field(default_factory=dict)
    lines: list[dict[str, Seen]] = field(default_factory=list)
    code_says: Mapping[str, str] = field(default_factory=dict)
    """What the QR code on a picture says of the head; its own checksum vouches for it."""

    def told(self) -> Mapping[str, Any]:
        """Return it as JSON."""
        return {
            "form": self.form,
            "pages": self.pages,
            "turned": f"{self.turned:.1f}",
            "code_says": dict(self.code_says),
            "head": {name: seen.told() for name, seen in self.head.items()},
            "lines": [{name: seen.told() for name, seen in line.items()} for line in self.lines],
        }
