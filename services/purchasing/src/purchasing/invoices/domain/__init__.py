"""Invoices, what they are for, and where they differ from what was ordered and received."""

from purchasing.invoices.domain.differences import (
    Compared,
    Difference,
    Expected,
    Tolerances,
    credit_difference,
    line_differences,
    total_difference,
    written,
)
from purchasing.invoices.domain.invoice import Invoice, InvoiceKind, InvoiceLine, InvoiceStatus
from purchasing.invoices.domain.matching import (
    InvoiceMatch,
    Link,
    MatchKind,
    MatchLine,
    MatchStatus,
    by_receipt,
    divide,
)
from purchasing.invoices.domain.refusals import (
    DocumentOfOtherSupplier,
    InvoiceBookedBefore,
    LinesUnmatched,
    NothingToCredit,
    OtherCurrency,
    SecondPersonNeeded,
    SellerIsNotSupplier,
    UnknownInvoice,
    UnknownLinks,
)

__all__ = [
    "Compared",
    "Difference",
    "DocumentOfOtherSupplier",
    "Expected",
    "Invoice",
    "InvoiceBookedBefore",
    "InvoiceKind",
    "InvoiceLine",
    "InvoiceMatch",
    "InvoiceStatus",
    "LinesUnmatched",
    "Link",
    "MatchKind",
    "MatchLine",
    "MatchStatus",
    "NothingToCredit",
    "OtherCurrency",
    "SecondPersonNeeded",
    "SellerIsNotSupplier",
    "Tolerances",
    "UnknownInvoice",
    "UnknownLinks",
    "by_receipt",
    "credit_difference",
    "divide",
    "line_differences",
    "total_difference",
    "written",
]
