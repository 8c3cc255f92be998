"""HTTP: what suppliers see and do. Nothing here shows one supplier that another has something.

Whose documents these are comes from the caller's token alone, never from the request.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import AfterValidator, BaseModel

from contracts.wire import Currency, Name
from papers.labels import SVG, label
from purchasing.orders import queries as orders
from purchasing.orders.domain import OrderStatus
from purchasing.orders.routes.views import OrderLineOut
from purchasing.reference.domain import note_code
from purchasing.settings import settings_of
from purchasing.settlement import queries
from purchasing.settlement.domain import AccrualStatus
from purchasing.settlement.queries import Own
from purchasing.settlement.routes.between_us import portal_receipt
from purchasing.settlement.routes.shapes import (
    AccrualHead,
    AccrualLineOut,
    AccrualOut,
    AnswersIn,
    ConfirmationOut,
    PortalReceipt,
    SettledReceipt,
)
from purchasing.settlement.use_cases.answer_receipt import answer_receipt
from purchasing.suppliers import store as suppliers
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, Page
from servicekit.http.routing import CurrentContext, Session, allow, command_router, query_router


def _printable(number: str) -> str:
    """Refuse what nobody sees on paper: it would not be read when the code is scanned."""
    if not number.isprintable():
        raise ValueError("only printable characters")
    return number


NoteNumber = Annotated[
    Name,
    Query(max_length=40, description="The number of the delivery note."),
    AfterValidator(_printable),
]
PortalUser = Annotated[Caller, Depends(allow("supplier"))]

commands = command_router("portal")
queries_router = query_router("portal")


async def supplier_of_caller(session: Session, caller: PortalUser) -> str:
    """Return for which supplier the caller acts."""
    return (await suppliers.supplier_of_user(session, caller.subject)).supplier_id


Mine = Annotated[str, Depends(supplier_of_caller)]


class PortalOrder(BaseModel):
    """An order without its lines."""

    order_id: UUID
    number: str
    status: OrderStatus
    site_id: str
    warehouse_id: str
    currency: Currency
    due_date: date


class PortalOrderOut(PortalOrder):
    """An order with its lines; `open` is still owed, and `deliveries` say when all is due."""

    lines: list[OrderLineOut]


@queries_router.get("/portal/orders")
async def list_orders(
    session: Session,
    paging: CurrentPaging,
    mine: Mine,
    status: OrderStatus | None = None,
    number: Name | None = None,
) -> Page[PortalOrder]:
    """List the supplier's orders, the newest first."""
    wanted = Own(supplier_id=mine, status=status, number=number)
    rows = await queries.own_orders_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([PortalOrder(**row) for row in rows], lambda one: [one.order_id])


@queries_router.get("/portal/orders/{order_id}")
async def read_order(order_id: UUID, session: Session, mine: Mine) -> PortalOrderOut:
    """Return one of the supplier's orders, with what is still open of each line."""
    head = dict(await queries.own_order(session, order_id, mine))
    lines = await orders.order_lines(session, order_id)
    return PortalOrderOut(
        **head, lines=[OrderLineOut(**{**line, "deliveries": _due(head, line)}) for line in lines]
    )


def _due(head: Mapping[str, Any], line: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return how much of a line is due when: the whole on the order's day, unless agreed else."""
    whole = {"due_date": head["due_date"], "quantity": line["quantity"]}
    return line["deliveries"] or [whole]


@queries_router.get("/portal/receipts")
async def list_receipts(
    session: Session,
    paging: CurrentPaging,
    mine: Mine,
    order_id: UUID | None = None,
    number: Name | None = None,
) -> Page[SettledReceipt]:
    """List what was received from the supplier, the newest first."""
    wanted = Own(supplier_id=mine, order_id=order_id, number=number)
    rows = await queries.receipts_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([SettledReceipt.of(row) for row in rows], lambda one: [one.receipt_id])


@queries_router.get("/portal/receipts/{receipt_id}")
async def read_receipt(receipt_id: UUID, session: Session, mine: Mine) -> PortalReceipt:
    """Return one of the supplier's receipts with all that was said of it."""
    return await portal_receipt(session, receipt_id, mine)


@commands.post("/portal/receipts/{receipt_id}/answer")
async def answer(
    receipt_id: UUID,
    body: AnswersIn,
    session: Session,
    context: CurrentContext,
    caller: PortalUser,
) -> ConfirmationOut:
    """Confirm or dispute lines; with the last one confirmed the receipt is owed for."""
    said = [line.said() for line in body.lines]
    currency = settings_of(context).currency
    return ConfirmationOut.of(await answer_receipt(session, receipt_id, said, caller, currency))


@queries_router.get("/portal/accruals")
async def list_accruals(
    session: Session,
    paging: CurrentPaging,
    mine: Mine,
    status: AccrualStatus | None = None,
    receipt_id: UUID | None = None,
) -> Page[AccrualHead]:
    """List what the supplier is owed, the newest first."""
    wanted = Own(supplier_id=mine, status=status, receipt_id=receipt_id)
    rows = await queries.accruals_before(session, wanted, paging.after_id(), paging.limit + 1)
    return paging.page([AccrualHead(**row) for row in rows], lambda one: [one.accrual_id])


@queries_router.get("/portal/accruals/{accrual_id}")
async def read_accrual(accrual_id: UUID, session: Session, mine: Mine) -> AccrualOut:
    """Return one of the supplier's accruals."""
    head = await queries.accrual(session, accrual_id, mine)
    lines = await queries.lines_of_accrual(session, accrual_id)
    return AccrualOut(**head, lines=[AccrualLineOut(**line) for line in lines])


@queries_router.get(
    "/portal/delivery-notes/label",
    response_class=Response,
    responses={200: {"content": {SVG: {}}}},
)
async def draw_note(number: NoteNumber, supplier_id: Mine) -> Response:
    """Return the QR code of one's own delivery note as SVG: print it on the note."""
    return Response(label(note_code(supplier_id, number), number), media_type=SVG)
