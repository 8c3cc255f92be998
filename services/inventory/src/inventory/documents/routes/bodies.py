"""What commands about documents take."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import BatchCode, Code, Currency, Moment, Name, Quantity, UnitCost
from inventory.documents.domain import DocumentKind, Draft, DraftLine
from inventory.documents.use_cases.draft_from_dispatch import Received
from inventory.stock.domain import Status

LINES_MAX = 500
Given = Literal["available", "in_inspection", "frozen"]
Serials = Annotated[list[Code], Field(max_length=LINES_MAX)]


class Body(BaseModel):
    """What commands take: nothing but what is described."""

    model_config = ConfigDict(extra="forbid")


class LineBody(Body):
    """Goods of a document. Statuses that are not given are the usual ones of its kind.

    Lines of an adjustment name `source_status` to take goods out of the books, `target_status` to
    bring goods in. Lines of an inspection name `target_status`, or are `rejected`.
    """

    item_id: Code
    quantity: Quantity
    unit: Code
    batch_id: BatchCode = ""
    serials: Serials = []
    source_status: Given | None = None
    target_status: Given | None = None
    rejected: bool = False
    unit_cost: UnitCost | None = None
    """Per base unit; for goods that come in."""
    dispatch_line_no: Annotated[int, Field(ge=1, le=LINES_MAX)] | None = None

    def asked(self) -> DraftLine:
        """Return the line as the domain takes it."""
        return DraftLine(
            item_id=self.item_id,
            quantity=self.quantity,
            unit=self.unit,
            batch_id=self.batch_id,
            serials=self.serials,
            source_status=None if self.source_status is None else Status(self.source_status),
            target_status=None if self.target_status is None else Status(self.target_status),
            rejected=self.rejected,
            unit_cost=self.unit_cost,
            dispatch_line_no=self.dispatch_line_no,
        )


Lines = Annotated[list[LineBody], Field(min_length=1, max_length=LINES_MAX)]


class DocumentBody(Body):
    """A document to draft; what its kind needs and it lacks is refused by name."""

    kind: Literal[
        "receipt",
        "issue",
        "scrap",
        "adjustment",
        "transfer_dispatch",
        "transfer_arrival",
        "transfer_loss",
        "inspection",
        "freeze",
        "unfreeze",
    ]
    lines: Lines
    site_id: Code | None = None
    warehouse_id: Code | None = None
    effective_at: Moment | None = None
    """When it happened; the moment of posting if not given."""
    source_document: Name | None = None
    reason: Name | None = None
    department: Name | None = None
    currency: Currency | None = None
    to_site_id: Code | None = None
    to_warehouse_id: Code | None = None
    expected_at: Moment | None = None
    over_percent: Annotated[int, Field(ge=0, le=100)] = 0
    """How much more than dispatched may arrive."""
    dispatch_id: UUID | None = None

    def asked(self) -> Draft:
        """Return the document as the domain takes it."""
        return Draft(
            kind=DocumentKind(self.kind),
            lines=[line.asked() for line in self.lines],
            **self.model_dump(exclude={"kind", "lines"}),
        )


class LinesBody(Body):
    """The lines that a draft is to have instead."""

    lines: Lines


class ReasonBody(Body):
    """Why something is taken back."""

    reason: Name


class ReceivedBody(Body):
    """How much of a dispatched line arrived, or is lost; in base units if no unit is given."""

    dispatch_line_no: Annotated[int, Field(ge=1, le=LINES_MAX)]
    quantity: Quantity
    unit: Code | None = None
    serials: Serials = []
    target_status: Given | None = None

    def asked(self) -> Received:
        """Return the line as the use case takes it."""
        status = None if self.target_status is None else Status(self.target_status)
        return Received(
            self.dispatch_line_no, self.quantity, self.unit, tuple(self.serials), status
        )


class ArrivalBody(Body):
    """What arrived of a dispatch; without lines it is all that is still in transit."""

    lines: Annotated[list[ReceivedBody], Field(max_length=LINES_MAX)] = []
    effective_at: Moment | None = None
    source_document: Name | None = None


class LossBody(ArrivalBody):
    """What of a dispatch will never arrive; without lines it is all that is still in transit."""

    reason: Name
