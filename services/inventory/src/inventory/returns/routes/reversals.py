"""Reversals of returns over HTTP: sales and purchasing ask, whose documents they are."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import Code, Moment, Name
from inventory.returns.domain import LINE_NO_MAX, ReturnReversal
from inventory.returns.routes.supplier import LINES_MAX, Asker
from inventory.returns.use_cases.keep_after_all import keep_after_all
from inventory.returns.use_cases.take_return_back import take_return_back
from inventory.stock.domain import Document
from servicekit.http.routing import Session, command_router

commands = command_router("returns")

LineNo = Annotated[int, Field(ge=1, le=LINE_NO_MAX)]


class ReversedLine(BaseModel):
    """A line of the return, and of what its line was about: a shipment, or a receipt."""

    model_config = ConfigDict(extra="forbid")

    line_no: LineNo
    about_line_no: LineNo


class ReversalBody(BaseModel):
    """A return that is to be taken back now, whole."""

    model_config = ConfigDict(extra="forbid")

    reversal_id: UUID
    number: Name
    return_id: UUID
    return_number: Name
    site_id: Code
    posted_at: Moment
    posted_by: Name
    device_id: Code | None = None
    """The registered device that it was posted with, if there was one."""
    lines: Annotated[list[ReversedLine], Field(min_length=1, max_length=LINES_MAX)]


class CustomerReversalBody(ReversalBody):
    """A customer's return that is to be taken back now."""

    shipment_id: UUID
    order_id: UUID


class SupplierReversalBody(ReversalBody):
    """A return to a supplier that is to be taken back now."""

    receipt_id: UUID


class ReversalView(BaseModel):
    """When a return was taken back in the books."""

    reversal_id: UUID
    booked_at: Moment


@commands.post("/customer-return-reversals", status_code=201)
async def post_customer_return_reversal(
    body: CustomerReversalBody, session: Session, caller: Asker
) -> ReversalView:
    """Take the goods of a customer's return off the books again, all lines or none.

    Where they are not there any more, `lines` says of each what is there, which orders hold most of
    it (`allocated_by`), and how many others hold how much (`allocated_by_others`).
    """
    caller.must_cover(body.site_id)
    booked_at = await take_return_back(session, _asked(body, body.shipment_id, body.order_id))
    return ReversalView(reversal_id=body.reversal_id, booked_at=booked_at)


@commands.post("/supplier-return-reversals", status_code=201)
async def post_supplier_return_reversal(
    body: SupplierReversalBody, session: Session, caller: Asker
) -> ReversalView:
    """Put the goods of a return to a supplier on the books again, as what they had left as."""
    caller.must_cover(body.site_id)
    booked_at = await keep_after_all(session, _asked(body, body.receipt_id))
    return ReversalView(reversal_id=body.reversal_id, booked_at=booked_at)


def _asked(body: ReversalBody, about: UUID, order_id: UUID | None = None) -> ReturnReversal:
    at = body.posted_at
    return ReturnReversal(
        document=Document(body.reversal_id, body.number, at, at, body.posted_by, body.device_id),
        return_id=body.return_id,
        return_number=body.return_number,
        site_id=body.site_id,
        about=about,
        lines={line.line_no: line.about_line_no for line in body.lines},
        order_id=order_id,
    )
