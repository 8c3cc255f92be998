"""What an invoice is for: links to lines of receipts, and the documents that hold these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from purchasing.invoices.domain.invoice import CENT, ZERO

RECOGNIZER = "purchasing.recognizer"
"""Who books and matches what was read where nobody does: a process, never a person."""
SAME = ("cause", "invoice_line_no", "receipt_id", "receipt_line_no", "invoiced", "expected")
"""What makes a difference the one that was reviewed; what is allowed and advised is beside it."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """So much of a receipt's line, in base units, is invoiced by this line of the invoice."""

    invoice_line_no: int
    receipt_id: UUID
    receipt_line_no: int
    quantity: Decimal
    return_id: UUID | None = None
    """The return of goods of that line whose claim a red-letter invoice clears."""

    @property
    def about(self) -> UUID:
        """Return the document that it is owed for."""
        return self.return_id or self.receipt_id

    def __str__(self) -> str:
        return f"{self.invoice_line_no} -> {self.about}/{self.receipt_line_no}"


class MatchKind(StrEnum):
    """A match, or the document that takes one back."""

    MATCH = "match"
    UNMATCH = "unmatch"


class MatchStatus(StrEnum):
    """What became of it."""

    HELD = "held"
    APPLIED = "applied"
    DROPPED = "dropped"
    REVERSED = "reversed"


@dataclass(eq=False, kw_only=True)
class MatchLine:
    """A link with what it cleared and by how much the receipt's value changed."""

    place: int
    invoice_line_no: int
    receipt_id: UUID
    receipt_line_no: int
    item_id: str
    site_id: str
    quantity: Decimal
    net: Decimal
    return_id: UUID | None = None
    cleared_quantity: Decimal = ZERO
    cleared_net: Decimal = ZERO
    cleared_tax: Decimal = ZERO
    cleared_books_net: Decimal = ZERO
    cleared_books_tax: Decimal = ZERO
    difference: Decimal = ZERO

    @property
    def about(self) -> UUID:
        """Return the document that it is owed for: a receipt, or a return."""
        return self.return_id or self.receipt_id


@dataclass(eq=False, kw_only=True)
class InvoiceMatch:
    """A document that says what an invoice is for; undone by another, never edited."""

    match_id: UUID
    invoice_id: UUID
    kind: MatchKind
    status: MatchStatus
    at: datetime
    by: str
    reason: str | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    undoes: UUID | None = None
    differences: list[dict[str, object]] = field(default_factory=list)
    lines: list[MatchLine] = field(default_factory=list)

    def reviewed(self) -> "Reviewed":
        """Return what a person sees of it before deciding."""
        cleared = tuple(line.cleared_quantity for line in self.lines)
        return Reviewed(tuple(self.differences), cleared)


@dataclass(frozen=True)
class Reviewed:
    """The differences of a match as they were reviewed, and how much of each line it would clear.

    What falls away needs no review; what is new does.
    """

    differences: Sequence[Mapping[str, object]]
    cleared: Sequence[Decimal]

    def unseen(self, match: InvoiceMatch) -> list[str]:
        """Return what the match holds now that was not there."""
        seen = [_facts(one) for one in self.differences]
        new = [one for one in match.differences if _facts(one) not in seen]
        found = [
            f"{one['cause']} {one['invoiced']}, expected {one['expected']}"
            + (f" (line {one['invoice_line_no']})" if one["invoice_line_no"] else "")
            for one in new
        ]
        if not found:
            found = [
                f"line {line.invoice_line_no} clears {line.cleared_quantity:f}, not {before:f}"
                for line, before in zip(match.lines, self.cleared, strict=True)
                if line.cleared_quantity < before
            ]
        return found


def _facts(difference: Mapping[str, object]) -> Sequence[object]:
    return [difference[name] for name in SAME]


def divide(nets: Mapping[int, Decimal], links: Sequence[Link]) -> Sequence[Decimal]:
    """Return what of its line's net each link takes; the last of a line takes what is left."""
    whole: dict[int, Decimal] = {}
    for link in links:
        whole[link.invoice_line_no] = whole.get(link.invoice_line_no, ZERO) + link.quantity
    done: dict[int, tuple[Decimal, Decimal]] = {}
    parts = []
    for link in links:
        quantity, net = done.get(link.invoice_line_no, (ZERO, ZERO))
        quantity += link.quantity
        share = quantity / whole[link.invoice_line_no]
        upto = (nets[link.invoice_line_no] * share).quantize(CENT, ROUND_HALF_UP)
        parts.append(upto - net)
        done[link.invoice_line_no] = (quantity, upto)
    return parts


def by_receipt(lines: Sequence[MatchLine]) -> Mapping[UUID, Sequence[MatchLine]]:
    """Return the lines of each receipt whose value changes, by what is owed for."""
    found: dict[UUID, list[MatchLine]] = {}
    for line in lines:
        if line.difference:
            found.setdefault(line.about, []).append(line)
    return dict(sorted(found.items()))
