"""What settlement takes and shows."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Amount, Currency, Moment, Name, Quantity, SignedQuantity, UnitCost
from purchasing.receipts.domain import ReceiptStatus
from purchasing.receipts.routes.bodies import RefusedOut
from purchasing.settlement.domain import (
    AccrualCause,
    AccrualStatus,
    Answer,
    Confirmation,
    ConfirmationStatus,
    Correction,
    DisputeReason,
    LineVerdict,
)

LINES_MAX = 500
LineNo = Annotated[int, Field(ge=1, le=LINES_MAX)]


class AnswerIn(BaseModel):
    """What the supplier says about a line; quantities are in the item's base unit."""

    model_config = ConfigDict(extra="forbid")

    line_no: LineNo
    verdict: Literal["confirmed", "disputed"]
    reason: DisputeReason = DisputeReason.OTHER
    claimed: Quantity | None = None
    note: Name | None = None

    def said(self) -> Answer:
        """Return it as the domain takes it; who confirms gives no reasons."""
        verdict = LineVerdict(self.verdict)
        disputed = verdict is LineVerdict.DISPUTED
        return Answer(
            line_no=self.line_no,
            verdict=verdict,
            reason=self.reason if disputed else None,
            claimed=self.claimed if disputed else None,
            note=self.note,
        )


class AnswersIn(BaseModel):
    """What the supplier says about lines; lines left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[AnswerIn], Field(min_length=1, max_length=LINES_MAX)]


class ResolutionIn(BaseModel):
    """How a dispute about a line ends: for us (upheld) or for the supplier (accepted)."""

    model_config = ConfigDict(extra="forbid")

    line_no: LineNo
    verdict: Literal["upheld", "accepted"]
    note: Name


class ResolutionsIn(BaseModel):
    """How disputes end, each with the reason."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[ResolutionIn], Field(min_length=1, max_length=LINES_MAX)]


class AnsweredLine(BaseModel):
    """What was said last about a line."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    item_id: str
    recorded: Quantity
    verdict: LineVerdict
    reason: DisputeReason | None
    claimed: Quantity | None


class StepOut(BaseModel):
    """Who said what about a line, when, and what follows."""

    model_config = ConfigDict(from_attributes=True)

    step_no: int
    line_no: int
    at: Moment
    by: str
    verdict: LineVerdict
    reason: DisputeReason | None
    claimed: Quantity | None
    note: str | None
    correction: Correction | None
    correction_quantity: Quantity | None


class ConfirmationOut(BaseModel):
    """What is between us and the supplier about a receipt, with all that was said."""

    receipt_id: UUID
    number: str
    supplier_id: str
    site_id: str
    status: ConfirmationStatus
    confirmed_at: Moment | None
    confirmed_by: str | None
    lines: list[AnsweredLine]
    history: list[StepOut]

    @classmethod
    def of(cls, one: Confirmation) -> Self:
        """Return a confirmation as callers see it."""
        return cls(
            receipt_id=one.receipt_id,
            number=one.number,
            supplier_id=one.supplier_id,
            site_id=one.site_id,
            status=one.status,
            confirmed_at=one.confirmed_at,
            confirmed_by=one.confirmed_by,
            lines=[AnsweredLine.model_validate(line) for line in one.lines],
            history=[StepOut.model_validate(step) for step in one.steps],
        )


class SettledReceipt(BaseModel):
    """A posted receipt, and where it stands between us and the supplier."""

    receipt_id: UUID
    number: str
    status: ReceiptStatus
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    delivery_note: str | None
    received_at: Moment
    posted_at: Moment | None
    confirmation: ConfirmationStatus
    confirmed_at: Moment | None
    confirmed_by: str | None
    reversed_by: UUID | None
    """The return that undid it, because it was posted by mistake."""

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return a receipt; nobody has said anything about most of them at first."""
        return cls(**{**row, "confirmation": row["confirmation"] or ConfirmationStatus.OPEN})


class PortalLine(BaseModel):
    """A line of a receipt as the supplier sees it."""

    line_no: int
    order_line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    returned: SignedQuantity
    unit_cost: UnitCost
    verdict: LineVerdict
    reason: DisputeReason | None
    claimed: Quantity | None


class PortalReceipt(SettledReceipt):
    """A receipt with its lines and all that was said of it."""

    lines: list[PortalLine] = []
    refused: list[RefusedOut] = []
    """What was turned away at the door: it is still owed."""
    history: list[StepOut] = []


class AccrualHead(BaseModel):
    """What is owed for a receipt; what is open of it is not invoiced yet."""

    model_config = ConfigDict(from_attributes=True)

    accrual_id: UUID
    number: str
    receipt_id: UUID
    receipt_number: str
    return_id: UUID | None = None
    """The return that it is a claim for; its amounts are below zero then."""
    supplier_id: str
    site_id: str
    period: str
    cause: AccrualCause
    raised_at: Moment
    raised_by: str
    status: AccrualStatus
    cleared_at: Moment | None
    currency: Currency
    net: Amount
    tax: Amount
    books_currency: Currency
    rate: UnitCost | None
    books_net: Amount
    books_tax: Amount
    open_net: Amount
    open_tax: Amount
    open_books_net: Amount
    open_books_tax: Amount


class AccrualLineOut(BaseModel):
    """What is owed for a line of the receipt, and how much of it is invoiced."""

    line_no: int
    item_id: str
    quantity: SignedQuantity
    net: Amount
    tax_percent: Amount
    tax: Amount
    cleared_quantity: SignedQuantity
    cleared_net: Amount
    cleared_tax: Amount


class AccrualOut(AccrualHead):
    """An accrual with its lines."""

    lines: list[AccrualLineOut]


def portal_lines(lines: Sequence[Any], said: Sequence[Any]) -> list[PortalLine]:
    """Return the lines of a receipt with what was said of each."""
    last = {one["line_no"]: one for one in said}
    silent = {"verdict": LineVerdict.OPEN, "reason": None, "claimed": None}
    shown = []
    for line in lines:
        word = last.get(line["line_no"], silent)
        heard = {name: word[name] for name in silent}
        shown.append(PortalLine(**{**line, **heard}))
    return shown
