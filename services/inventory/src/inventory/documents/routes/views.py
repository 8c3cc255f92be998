"""Documents as callers see them."""

from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from contracts.wire import Currency, Moment, Quantity, SignedQuantity, UnitCost
from inventory.documents.domain import DocumentKind, DocumentStatus, StockDocument
from inventory.stock.domain import Status


class View(BaseModel):
    """What is answered, read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


class LineView(View):
    """Goods that go from `source` to `target`: without the first they come in, else go out.

    `quantity` is in base units; `unit_quantity` is what was given, in `unit`, converted by version
    `unit_version` of that unit.
    """

    line_no: int
    item_id: str
    batch_id: str
    serials: list[str]
    quantity: Quantity
    unit: str
    unit_quantity: Quantity
    unit_version: int
    source: Status | None
    target: Status | None
    unit_cost: UnitCost | None
    rule: str | None
    dispatch_line_no: int | None


class DocumentHead(View):
    """A document without its lines; `version` counts its steps and is its ETag."""

    document_id: UUID
    number: str
    kind: DocumentKind
    status: DocumentStatus
    version: int
    site_id: str
    warehouse_id: str
    effective_at: Moment | None
    source_document: str | None
    reason: str | None
    department: str | None
    currency: Currency | None
    to_site_id: str | None
    to_warehouse_id: str | None
    expected_at: Moment | None
    over_percent: int
    dispatch_id: UUID | None
    reverses: UUID | None
    reversed_by: UUID | None
    drafted_at: Moment
    drafted_by: str
    drafted_with: str | None
    lines_by: str
    audited_at: Moment | None
    audited_by: str | None
    approved_at: Moment | None
    approved_by: str | None
    posted_at: Moment | None
    posted_by: str | None
    posted_with: str | None
    cancelled_at: Moment | None
    cancelled_by: str | None


class DocumentView(DocumentHead):
    """A document."""

    lines: list[LineView]


class TransitView(View):
    """Goods of a dispatch that have not arrived yet; `age_seconds` counts from their dispatch."""

    dispatch_id: UUID
    dispatch_number: str
    line_no: int
    item_id: str
    batch_id: str
    from_site_id: str
    from_warehouse_id: str
    to_site_id: str
    to_warehouse_id: str
    dispatched_at: Moment
    expected_at: Moment | None
    overdue: bool
    age_seconds: int
    dispatched: Quantity
    outstanding: Quantity
    surplus: SignedQuantity
    serials: list[str]
    """The units that are still awaited, where they have numbers of their own."""


def shown(document: StockDocument, response: Response) -> DocumentView:
    """Return a document as callers see it, and set its ETag."""
    response.headers["ETag"] = f'"{document.version}"'
    return DocumentView.model_validate(document)
