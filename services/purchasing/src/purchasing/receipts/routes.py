"""HTTP: receipts and the steps they take."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.wire import BatchCode, Code, Currency, Moment, Name, Quantity, UnitCost
from purchasing.receipts import queries
from purchasing.receipts.domain import Receipt, ReceiptStatus
from purchasing.receipts.queries import ReceiptFilter
from purchasing.receipts.use_cases.audit_receipt import audit_receipt
from purchasing.receipts.use_cases.cancel_receipt import cancel_receipt
from purchasing.receipts.use_cases.draft_receipt import DraftReceipt, LineCounted, draft_receipt
from purchasing.receipts.use_cases.post_receipt import post_receipt
from purchasing.reference.domain import Naming
from purchasing.reference.routes import Reader
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import Session, allow, command_router, query_router

LINES_MAX = 500
SERIALS_MAX = 1000
VERSION_TAG = re.compile(r'"([0-9]{1,9})"')
Clerk = Annotated[Caller, Depends(allow("clerk", "shop_manager"))]

commands = command_router("receipts")
queries_router = query_router("receipts")


class ReceiptLineIn(BaseModel):
    """How much of an order's line arrived, in the line's unit."""

    model_config = ConfigDict(extra="forbid")

    order_line_no: Annotated[int, Field(ge=1, le=LINES_MAX)]
    quantity: Quantity
    batch_id: BatchCode = ""
    """Needed for items that are managed by batch."""
    manufactured_on: date | None = None
    expires_on: date | None = None
    serials: Annotated[list[Code], Field(max_length=SERIALS_MAX)] = []
    """Needed for items that are managed by serial number: one for each unit."""


class ReceiptIn(BaseModel):
    """What arrived against an order."""

    model_config = ConfigDict(extra="forbid")

    order_id: UUID
    delivery_note: Name | None = None
    lines: Annotated[list[ReceiptLineIn], Field(min_length=1, max_length=LINES_MAX)]


class ReceiptLineOut(BaseModel):
    """A line of a receipt; the unit cost is the one agreed in the order."""

    line_no: int
    order_line_no: int
    item_id: str
    unit: str
    quantity: Quantity
    unit_cost: UnitCost
    batch_id: str
    manufactured_on: date | None
    expires_on: date | None
    serials: list[str]


class ReceiptHead(BaseModel):
    """A receipt without its lines; `posting` ends when inventory has booked it."""

    receipt_id: UUID
    number: str
    status: ReceiptStatus
    version: int
    order_id: UUID
    supplier_id: str
    site_id: str
    warehouse_id: str
    currency: Currency
    delivery_note: str | None
    received_at: Moment
    received_by: str
    audited_at: Moment | None
    audited_by: str | None
    posted_at: Moment | None
    posted_by: str | None
    booked_at: Moment | None
    cancelled_at: Moment | None
    cancelled_by: str | None


class ReceiptOut(ReceiptHead):
    """A receipt."""

    lines: list[ReceiptLineOut]


def versions_expected(
    if_match: Annotated[
        str | None,
        Header(description='The ETag seen last, such as "2": refused if there is a newer one.'),
    ] = None,
) -> frozenset[int] | None:
    """Return the versions the caller would act upon; None means whichever there is."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(int(tag) for tag in VERSION_TAG.findall(if_match))


Expected = Annotated[frozenset[int] | None, Depends(versions_expected)]


@commands.post("/receipts", status_code=201)
async def draft(body: ReceiptIn, response: Response, session: Session, caller: Clerk) -> ReceiptOut:
    """Draft a receipt against an order; nothing moves yet."""
    lines = [_counted(line) for line in body.lines]
    counted = DraftReceipt(
        order_id=body.order_id, delivery_note=body.delivery_note, lines=lines, caller=caller
    )
    return shown(await draft_receipt(session, counted), response)


def _counted(line: ReceiptLineIn) -> LineCounted:
    naming = Naming(
        batch_id=line.batch_id,
        manufactured_on=line.manufactured_on,
        expires_on=line.expires_on,
        serials=tuple(line.serials),
    )
    return LineCounted(line.order_line_no, line.quantity, naming)


@commands.post("/receipts/{receipt_id}/audit")
async def audit(
    receipt_id: UUID, response: Response, session: Session, caller: Clerk, expected: Expected
) -> ReceiptOut:
    """Audit a draft, so that it may be posted."""
    return shown(await audit_receipt(session, receipt_id, caller, expected), response)


@commands.post("/receipts/{receipt_id}/post")
async def post(
    receipt_id: UUID, response: Response, session: Session, caller: Clerk, expected: Expected
) -> ReceiptOut:
    """Post an audited receipt: its goods come into the books, and it never changes again."""
    return shown(await post_receipt(session, receipt_id, caller, expected), response)


@commands.post("/receipts/{receipt_id}/cancel")
async def cancel(
    receipt_id: UUID, response: Response, session: Session, caller: Clerk, expected: Expected
) -> ReceiptOut:
    """Cancel a receipt that was not posted."""
    return shown(await cancel_receipt(session, receipt_id, caller, expected), response)


def receipt_filter(
    caller: Reader,
    site_id: Code | None = None,
    order_id: UUID | None = None,
    status: ReceiptStatus | None = None,
    number: Name | None = None,
) -> ReceiptFilter:
    """Return which receipts the caller asks for and may see."""
    return ReceiptFilter(
        sites=caller.covered(),
        site_id=site_id,
        order_id=order_id,
        status=status,
        number=number,
    )


@queries_router.get("/receipts")
async def list_receipts(
    session: Session,
    paging: CurrentPaging,
    wanted: Annotated[ReceiptFilter, Depends(receipt_filter)],
) -> Page[ReceiptHead]:
    """List receipts, the newest first."""
    rows = await queries.receipts_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([ReceiptHead(**row) for row in rows], lambda one: [one.receipt_id])


@queries_router.get("/receipts/{receipt_id}")
async def read_receipt(
    receipt_id: UUID, response: Response, session: Session, caller: Reader
) -> ReceiptOut:
    """Return a receipt; its ETag is its version."""
    head = await queries.receipt(session, receipt_id)
    caller.must_cover(head["site_id"])
    lines = await queries.receipt_lines(session, receipt_id)
    response.headers["ETag"] = f'"{head["version"]}"'
    return ReceiptOut(**head, lines=[ReceiptLineOut(**line) for line in lines])


def shown(receipt: Receipt, response: Response) -> ReceiptOut:
    """Return a receipt as callers see it, and set its ETag."""
    response.headers["ETag"] = f'"{receipt.version}"'
    return ReceiptOut.model_validate(receipt, from_attributes=True)
