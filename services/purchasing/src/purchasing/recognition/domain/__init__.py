"""Uploaded invoices and what was read in them."""

from purchasing.recognition.domain.document import DocumentStatus, InvoiceDocument
from purchasing.recognition.domain.invoice import Invoice, InvoiceLine, invoice_of
from purchasing.recognition.domain.judging import doubts_of, is_tax_id, judge
from purchasing.recognition.domain.proving import Check
from purchasing.recognition.domain.refusals import (
    BadField,
    DocumentChanged,
    DoubtsLeft,
    DuplicateFile,
    FileRefused,
    NotReadYet,
    UnknownDocument,
)

__all__ = [
    "BadField",
    "Check",
    "DocumentChanged",
    "DocumentStatus",
    "DoubtsLeft",
    "DuplicateFile",
    "FileRefused",
    "Invoice",
    "InvoiceDocument",
    "InvoiceLine",
    "NotReadYet",
    "UnknownDocument",
    "doubts_of",
    "invoice_of",
    "is_tax_id",
    "judge",
]
