"""Returns to suppliers over HTTP: purchasing asks, whose documents they are."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import BatchCode, Code, Moment, Name, Quantity
from inventory.returns.domain import LINE_NO_MAX, Held, ReturnedLine, SupplierReturn
from inventory.returns.use_cases.return_to_supplier import return_to_supplier
from inventory.settings import SENDING_BACK
from inventory.stock.domain import Document
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow, command_router

commands = command_router("returns")

Asker = Annotated[Caller, Depends(allow(*SENDING_BACK))]

LINES_MAX = 500
SERIALS_MAX = 1000


class LineBody(BaseModel):
    """How much of a receipt's line goes back, in the item's base unit."""

    model_config = ConfigDict(extra="forbid")

    line_no: Annotated[int, Field(ge=1, le=LINE_NO_MAX)]
    receipt_line_no: Annotated[int, Field(ge=1, le=LINE_NO_MAX)]
    item_id: Code
    quantity: Quantity
    batch_id: BatchCode = ""
    serials: Annotated[tuple[Code, ...], Field(max_length=SERIALS_MAX)] = ()
    warehouse_id: Code | None = None
    """Where they lie now; None where they were received."""
    status: Held | None = None
    """What they are; None as they came, or else as they have become since."""


class SupplierReturnBody(BaseModel):
    """A return to a supplier that is to be booked now."""

    model_config = ConfigDict(extra="forbid")

    return_id: UUID
    number: Name
    receipt_id: UUID
    receipt_number: Name
    site_id: Code
    cause: Name
    reversal: bool = False
    posted_at: Moment
    posted_by: Name
    device_id: Code | None = None
    """The registered device that it was posted with, if there was one."""
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=LINES_MAX)]


class SupplierReturnView(BaseModel):
    """When the goods of a return left the books."""

    return_id: UUID
    booked_at: Moment


@commands.post("/supplier-returns", status_code=201)
async def post_supplier_return(
    body: SupplierReturnBody, session: Session, caller: Asker
) -> SupplierReturnView:
    """Take goods that go back to their supplier off the books, all lines or none.

    Where they are not there to go, `lines` says of each what is there, which orders hold most of it
    (`allocated_by`), and how many others hold how much (`allocated_by_others`).
    """
    caller.must_cover(body.site_id)
    booked_at = await return_to_supplier(session, _asked(body))
    return SupplierReturnView(return_id=body.return_id, booked_at=booked_at)


def _asked(body: SupplierReturnBody) -> SupplierReturn:
    at = body.posted_at
    return SupplierReturn(
        document=Document(body.return_id, body.number, at, at, body.posted_by, body.device_id),
        receipt_id=body.receipt_id,
        receipt_number=body.receipt_number,
        site_id=body.site_id,
        cause=body.cause,
        is_reversal=body.reversal,
        lines=[ReturnedLine(**dict(line)) for line in body.lines],
    )
