"""HTTP: receipts and the steps they take."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from contracts.wire import Code, Name
from purchasing.receipts import queries
from purchasing.receipts.domain import Receipt, ReceiptStatus
from purchasing.receipts.queries import ReceiptFilter
from purchasing.receipts.routes.bodies import (
    ReceiptHead,
    ReceiptIn,
    ReceiptLineOut,
    ReceiptOut,
    RefusedOut,
)
from purchasing.receipts.use_cases.audit_receipt import audit_receipt
from purchasing.receipts.use_cases.cancel_receipt import cancel_receipt
from purchasing.receipts.use_cases.draft_receipt import draft_receipt
from purchasing.receipts.use_cases.finish_receipt import House, finish_counted, finish_receipt
from purchasing.receipts.use_cases.post_receipt import post_receipt
from purchasing.reference.routes import Reader
from purchasing.reference.routes.devices import Device
from purchasing.reference.routes.versions import Expected
from purchasing.settings import settings_of
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import CurrentContext, Session, allow, command_router, query_router

Clerk = Annotated[Caller, Depends(allow("clerk", "shop_manager"))]

commands = command_router("receipts")
queries_router = query_router("receipts")


def house_of(context: CurrentContext) -> House:
    """Return what the company decided about receipts."""
    settings = settings_of(context)
    return House(
        currency=settings.currency, audited_by_another=settings.receipts_audited_by_another
    )


CurrentHouse = Annotated[House, Depends(house_of)]


@commands.post("/receipts", status_code=201)
async def draft(
    body: ReceiptIn,
    response: Response,
    session: Session,
    caller: Clerk,
    house: CurrentHouse,
    device: Device = None,
) -> ReceiptOut:
    """Draft a receipt against an order, and post it at once if that is said; else nothing moves."""
    receipt = await draft_receipt(session, body.counted(caller, device))
    if body.post:
        await finish_counted(session, receipt, caller, house)
    return shown(receipt, response)


@commands.post("/receipts/{receipt_id}/audit")
async def audit(
    receipt_id: UUID,
    response: Response,
    session: Session,
    caller: Clerk,
    expected: Expected,
    house: CurrentHouse,
) -> ReceiptOut:
    """Audit a draft, so that it may be posted."""
    another = house.audited_by_another
    audited = await audit_receipt(session, receipt_id, caller, expected, by_another=another)
    return shown(audited, response)


@commands.post("/receipts/{receipt_id}/post")
async def post(
    receipt_id: UUID,
    response: Response,
    session: Session,
    caller: Clerk,
    expected: Expected,
    house: CurrentHouse,
) -> ReceiptOut:
    """Post an audited receipt: its goods come into the books, and it never changes again."""
    posted = await post_receipt(session, receipt_id, caller, expected, house.currency)
    return shown(posted, response)


@commands.post("/receipts/{receipt_id}/finish")
async def finish(
    receipt_id: UUID,
    response: Response,
    session: Session,
    caller: Clerk,
    expected: Expected,
    house: CurrentHouse,
) -> ReceiptOut:
    """Audit and post a receipt in one action."""
    finished = await finish_receipt(session, receipt_id, caller, expected, house)
    return shown(finished, response)


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
    return ReceiptOut(
        **head,
        lines=[ReceiptLineOut(**line) for line in lines],
        refused=[RefusedOut(**one) for one in await queries.refused_of(session, receipt_id)],
    )


def shown(receipt: Receipt, response: Response) -> ReceiptOut:
    """Return a receipt as callers see it, and set its ETag."""
    response.headers["ETag"] = f'"{receipt.version}"'
    return ReceiptOut.model_validate(receipt, from_attributes=True)
