"""What commands about returns take, and returns as callers see them."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import BatchCode, Code, Moment, Name, Quantity, SignedQuantity
from purchasing.receipts.routes.bodies import LINES_MAX, SERIALS_MAX
from purchasing.returns.domain import GoodsStatus, LineWanted, ReturnCause, ReturnStatus
from purchasing.returns.use_cases.draft_return import DraftReturn
from servicekit.auth import Caller


class ReturnLineIn(BaseModel):
    """How much of a receipt's line goes back, in any unit of the item, and where it lies."""

    model_config = ConfigDict(extra="forbid")

    receipt_line_no: Annotated[int, Field(ge=1, le=LINES_MAX)]
    quantity: Quantity
    unit: Code | None = None
    """The item's base unit, unless another one is named."""
    batch_id: BatchCode = ""
    """Needed where the receipt named one: the same."""
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []
    """Needed where the receipt named them: one for each unit that goes back."""
    warehouse_id: Code | None = None
    """Where the goods lie now; by default where they arrived."""
    goods_status: GoodsStatus = GoodsStatus.AVAILABLE
    """What they are on the shelf: what an inspection rejected is frozen."""

    def wanted(self) -> LineWanted:
        """Return the line as the use case takes it."""
        return LineWanted(**{**dict(self), "serials": tuple(self.serials)})


class ReturnIn(BaseModel):
    """What of a posted receipt goes back to its supplier, and why."""

    model_config = ConfigDict(extra="forbid")

    receipt_id: UUID
    cause: ReturnCause
    note: Name | None = None
    """Needed for the causes `other` and `reversal`."""
    replace: bool = False
    """Whether the supplier is to deliver other goods: the order's lines are open again then.
    Without it the goods are given up; those of a reversal are always open again."""
    lines: Annotated[list[ReturnLineIn], Field(max_length=LINES_MAX)] = []
    """A reversal undoes the whole receipt, and is given none."""

    def wanted(self, caller: Caller) -> DraftReturn:
        """Return it as the use case takes it."""
        return DraftReturn(
            receipt_id=self.receipt_id,
            cause=self.cause,
            note=self.note,
            replace=self.replace,
            lines=[line.wanted() for line in self.lines],
            caller=caller,
        )


class ReturnLineOut(BaseModel):
    """A line of a return, in base units."""

    line_no: int
    receipt_line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    batch_id: str
    serials: list[str]
    warehouse_id: str
    goods_status: GoodsStatus | None
    """None of a reversal: its goods are taken as they are."""
    returned_before: SignedQuantity | None


class ReturnHead(BaseModel):
    """A return without its lines; `posting` ends when inventory has its goods off the books."""

    return_id: UUID
    number: str
    status: ReturnStatus
    version: int
    cause: ReturnCause
    note: str | None
    replace: bool
    receipt_id: UUID
    receipt_number: str
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    drafted_at: Moment
    drafted_by: str
    audited_at: Moment | None
    audited_by: str | None
    posted_at: Moment | None
    posted_by: str | None
    device_id: str | None
    """The registered device that it was posted with."""
    booked_at: Moment | None
    held_since: Moment | None
    """Since when inventory refuses it as it is; post it again once the cause is gone."""
    held_cause: str | None
    cancelled_at: Moment | None
    cancelled_by: str | None
    reversed_at: Moment | None
    reversed_by: UUID | None
    """The document that took it back."""
    reversed_by_number: str | None


class ReturnOut(ReturnHead):
    """A return."""

    lines: list[ReturnLineOut]
