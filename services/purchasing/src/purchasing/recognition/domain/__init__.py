"""Uploaded invoices and what was read in them."""

from purchasing.recognition.domain.agreed import Agreed, Meant, Named, Names, Said, meant_by
from purchasing.recognition.domain.document import DocumentStatus, InvoiceDocument
from purchasing.recognition.domain.holding import Held, hold, said_lines
from purchasing.recognition.domain.invoice import YUAN, Invoice, InvoiceLine, invoice_of
from purchasing.recognition.domain.judging import doubts_of, is_tax_id, judge
from purchasing.recognition.domain.proving import Check
from purchasing.recognition.domain.refusals import (
    BadField,
    DocumentChanged,
    DoubtsLeft,
    DuplicateFile,
    FileRefused,
    FileSetAside,
    NotReadYet,
    SellerUnknown,
    UnknownDocument,
)
from purchasing.recognition.domain.why_not import COPY, DROPPED, BookedInvoiceRefused, kept

__all__ = [
    "COPY",
    "DROPPED",
    "YUAN",
    "Agreed",
    "BadField",
    "BookedInvoiceRefused",
    "Check",
    "DocumentChanged",
    "DocumentStatus",
    "DoubtsLeft",
    "DuplicateFile",
    "FileRefused",
    "FileSetAside",
    "Held",
    "Invoice",
    "InvoiceDocument",
    "InvoiceLine",
    "Meant",
    "Named",
    "Names",
    "NotReadYet",
    "Said",
    "SellerUnknown",
    "UnknownDocument",
    "doubts_of",
    "hold",
    "invoice_of",
    "is_tax_id",
    "judge",
    "kept",
    "meant_by",
    "said_lines",
]
