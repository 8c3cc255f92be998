"""What invoices take and show."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, Code, Currency, Moment, Name, Quantity, SignedQuantity, Total
from purchasing.invoices.domain import InvoiceKind, InvoiceStatus, Link, MatchKind, MatchStatus
from purchasing.recognition.routes import WhyNotOut

LINES_MAX = 500
LinesNo = Annotated[int, Field(ge=1, le=LINES_MAX)]
TaxId = Annotated[str, Field(pattern=r"^[0-9A-Z]{6,20}$")]
Percent = Annotated[Amount, Field(ge=0, le=100)]


class InvoiceLineIn(BaseModel):
    """A line of an invoice, in the seller's words; of a credit note its amounts are negative."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    specification: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    """As it is printed beside the name: of the same name it may be that of other goods."""
    unit: Name | None = None
    quantity: SignedQuantity | None = None
    unit_price: SignedQuantity | None = None
    net: Amount
    tax_percent: Percent
    tax: Amount


class InvoiceIn(BaseModel):
    """What an invoice says."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: Code
    kind: InvoiceKind | None = None
    """Without it, the special one in the form of the number; it is refused if the number has none.
    """
    code: Annotated[str, Field(pattern=r"^[0-9]{0,12}$")] = ""
    """Empty on fully digital invoices (数电票), which have a number of 20 digits instead."""
    number: Annotated[str, Field(pattern=r"^[0-9]{8,20}$")]
    issued_on: date
    seller_name: Name
    seller_tax_id: TaxId
    buyer_name: Name
    buyer_tax_id: TaxId
    currency: Currency
    net: Amount
    tax: Amount
    total: Amount
    lines: Annotated[list[InvoiceLineIn], Field(min_length=1, max_length=LINES_MAX)]

    def said(self) -> dict[str, Any]:
        """Return what stands on the invoice, apart from its lines."""
        return {name: value for name, value in self if name != "lines"}


class DocumentIn(BaseModel):
    """What is said of an uploaded invoice beside what was read in it."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: Code | None = None
    """Without it, who uploaded it, or the supplier that has the seller's tax number."""
    kind: InvoiceKind | None = None
    """Without it, what title and number say; refused where they say otherwise."""
    currency: Currency | None = None
    """Without it, the one it is marked with, or in which its seller is owed; refused where these
    differ or nothing tells it."""
    match: bool | None = None
    """Whether to match it at once, as `/match` without links does; by default if no supplier is
    named."""

    @property
    def is_matched(self) -> bool:
        """Whether it is to be matched too."""
        return self.supplier_id is None if self.match is None else self.match


class InvoiceHead(BaseModel):
    """An invoice without its lines."""

    model_config = ConfigDict(from_attributes=True)

    invoice_id: UUID
    supplier_id: str
    kind: InvoiceKind
    code: str
    number: str
    issued_on: date
    seller_name: str
    seller_tax_id: str
    buyer_name: str
    buyer_tax_id: str
    currency: Currency
    net: Amount
    tax: Amount
    total: Amount
    due_on: date | None
    """By when it is to be paid, by the supplier's terms when it was booked."""
    document_id: UUID | None
    """The uploaded file it was read in; none where it was typed."""
    booked_at: Moment
    booked_by: str
    status: InvoiceStatus
    version: int
    refused_reason: str | None


class InvoiceLineOut(BaseModel):
    """A line of an invoice, with as many places as are printed there."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    name: str
    specification: str
    unit: str | None
    quantity: Total | None
    unit_price: Total | None
    net: Amount
    tax_percent: Amount
    tax: Amount


class DifferenceOut(BaseModel):
    """What does not agree, how much is allowed, and what would clear it."""

    cause: str
    invoice_line_no: int | None
    receipt_id: UUID | None
    receipt_line_no: int | None
    invoiced: str
    expected: str
    allowed: str
    clears_by: str


class MatchLineOut(BaseModel):
    """So much of a receipt's line is invoiced, and by how much its value changes for that."""

    model_config = ConfigDict(from_attributes=True)

    invoice_line_no: int
    receipt_id: UUID
    receipt_line_no: int
    return_id: UUID | None
    item_id: str
    quantity: SignedQuantity
    net: Amount
    cleared_quantity: SignedQuantity
    cleared_net: Amount
    difference: Amount


class MatchOut(BaseModel):
    """What an invoice is for, or the document that took that back."""

    model_config = ConfigDict(from_attributes=True)

    match_id: UUID
    invoice_id: UUID
    kind: MatchKind
    status: MatchStatus
    at: Moment
    by: str
    reason: str | None
    accepted_at: Moment | None
    accepted_by: str | None
    undoes: UUID | None
    differences: list[DifferenceOut]
    lines: list[MatchLineOut]


class InvoiceOut(InvoiceHead):
    """An invoice with its lines and what it is for."""

    lines: list[InvoiceLineOut]
    matches: list[MatchOut] = []


class BookedOut(InvoiceOut):
    """An invoice that was booked from a document, and matched with what was received if asked."""

    not_matched: WhyNotOut | None = None
    """Why it could not be matched by itself: say what it is for with `/match`."""


class LinkIn(BaseModel):
    """So much of a receipt's line, in base units, is invoiced by this line of the invoice."""

    model_config = ConfigDict(extra="forbid")

    invoice_line_no: LinesNo
    receipt_id: UUID
    receipt_line_no: LinesNo
    quantity: Quantity
    return_id: UUID | None = None
    """The return whose claim a red-letter invoice clears; without it, it lowers what is paid."""


class MatchIn(BaseModel):
    """What the invoice is for; without links they are found by name, the oldest receipt first."""

    model_config = ConfigDict(extra="forbid")

    links: Annotated[list[LinkIn], Field(max_length=LINES_MAX)] = []

    def said(self) -> list[Link]:
        """Return them as the domain takes them."""
        return [Link(**dict(link)) for link in self.links]


class ReasonIn(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    reason: Name
