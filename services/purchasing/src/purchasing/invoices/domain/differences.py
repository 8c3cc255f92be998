"""Where an invoice, what was ordered and what was received disagree, line by line.

The line of an accrual carries both others: the quantity received, and the price ordered at.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from purchasing.invoices.domain.invoice import CENT, ZERO, InvoiceLine
from purchasing.invoices.domain.matching import Link, MatchLine

PERCENT = Decimal(100)
DISPUTED = "disputed"
CLEARS_BY = {
    DISPUTED: "resolve the supplier's dispute of the receipt, then accept or match again",
    "quantity": "receive the rest, have a credit note issued, or accept with a reason",
    "price": "have the invoice corrected, or accept the difference with a reason",
    "tax_rate": "set the supplier's rate, or this item's, or accept the difference with a reason",
    "credit": "compare the credit note with what it credits, and accept it with a reason",
    "total": "raise the supplier's tolerance, or accept the difference with a reason",
}


class Portion(Protocol):
    """A part of what is owed for a line."""

    @property
    def quantity(self) -> Decimal:
        """How much of the goods."""

    @property
    def net(self) -> Decimal:
        """What was expected for it."""


@dataclass(frozen=True)
class Tolerances:
    """How far an invoice may be from what was ordered and received."""

    quantity_percent: Decimal = ZERO
    price_percent: Decimal = ZERO
    total: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What does not agree, by how much, and what would clear it."""

    cause: str
    invoice_line_no: int | None
    receipt_id: str | None
    receipt_line_no: int | None
    invoiced: str
    expected: str
    allowed: str
    clears_by: str


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a line of the accrual says, apart from how much of it is invoiced."""

    quantity: Decimal
    net: Decimal
    tax_percent: Decimal


@dataclass(frozen=True)
class Compared:
    """A link with all that is compared for it."""

    line: InvoiceLine
    link: Link
    net: Decimal
    portion: Portion
    expected: Expected
    disputed: bool = False
    """Whether the supplier disputes what was received."""


def line_differences(one: Compared, tolerances: Tolerances) -> Sequence[Difference]:
    """Return where a link does not agree with the receipt's quantity, the order's price or tax."""
    link, expected = one.link, one.expected
    over = link.quantity - one.portion.quantity
    agreed = _agreed(expected, link.quantity)
    most = expected.quantity * tolerances.quantity_percent / PERCENT
    limit = max(abs(agreed) * tolerances.price_percent / PERCENT, CENT)
    rate, known = one.line.tax_percent, expected.tax_percent
    checks = (
        (DISPUTED, one.disputed, link.quantity, ZERO, ZERO),
        ("quantity", over > most, link.quantity, one.portion.quantity, most),
        ("price", abs(one.net - agreed) > limit, one.net, agreed, limit),
        ("tax_rate", rate != known, rate, known, ZERO),
    )
    return [
        Difference(
            cause=cause,
            invoice_line_no=link.invoice_line_no,
            receipt_id=str(link.receipt_id),
            receipt_line_no=link.receipt_line_no,
            invoiced=_plain(invoiced),
            expected=_plain(agreed_on),
            allowed=_plain(allowed),
            clears_by=CLEARS_BY[cause],
        )
        for cause, differs, invoiced, agreed_on, allowed in checks
        if differs
    ]


def _agreed(expected: Expected, quantity: Decimal) -> Decimal:
    """Return what so much was to cost: nothing, where all of the goods went back."""
    if not expected.quantity:
        return ZERO
    return (expected.net * quantity / expected.quantity).quantize(CENT, ROUND_HALF_UP)


def total_difference(lines: Sequence[MatchLine], tolerances: Tolerances) -> Sequence[Difference]:
    """Return the invoice's difference in all, if it is more than is allowed; cents are rounding."""
    invoiced = sum((one.net for one in lines), ZERO)
    expected = sum((one.cleared_net for one in lines), ZERO)
    most = max(tolerances.total, CENT * len(lines))
    if abs(invoiced - expected) <= most:
        return []
    return [_in_all("total", invoiced, expected, most)]


def credit_difference(lines: Sequence[MatchLine]) -> Sequence[Difference]:
    """Return what a credit note lowers: nobody ordered that, so that a person decides."""
    return [_in_all("credit", sum((one.net for one in lines), ZERO), ZERO, ZERO)]


def _in_all(cause: str, invoiced: Decimal, expected: Decimal, allowed: Decimal) -> Difference:
    return Difference(
        cause=cause,
        invoice_line_no=None,
        receipt_id=None,
        receipt_line_no=None,
        invoiced=_plain(invoiced),
        expected=_plain(expected),
        allowed=_plain(allowed),
        clears_by=CLEARS_BY[cause],
    )


def written(differences: Sequence[Difference]) -> list[dict[str, object]]:
    """Return differences as they are stored."""
    return [asdict(one) for one in differences]


def _plain(amount: Decimal) -> str:
    return format(amount.normalize() if amount else ZERO, "f")
