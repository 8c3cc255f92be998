"""HTTP: recalls, the customers who got the goods, and who of them was told."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.wire import Code, Moment, Name, Quantity, Total
from sales.recalls import queries
from sales.recalls.store import Affected, recall_of
from sales.recalls.tables import notices as notice_table
from sales.recalls.tables import recalls as recall_table
from sales.recalls.use_cases.note_informed import NoteInformed, note_informed
from sales.reference.routes import Reader
from servicekit.auth import Caller
from servicekit.http.pages import CurrentPaging, LineNo, Page
from servicekit.http.routing import Session, allow, command_router, query_router
from sheets.lists import WantedFile
from sheets.tables import TableFile, tables_router

Informer = Annotated[Caller, Depends(allow("clerk", "shop_manager"))]

commands = command_router("recalls")
queries_router = query_router("recalls")
files = tables_router(
    "recalls",
    ("master_data", "shop_manager", "finance", "operator", "service"),
    (
        TableFile("recalls", recall_table),
        TableFile("recall-notices", notice_table, everywhere=True),
    ),
)

LINE = TypeAdapter(tuple[UUID, LineNo])


class RecallHead(BaseModel):
    """A recall as inventory ordered it."""

    recall_id: UUID
    number: str
    item_id: str
    batches: list[str]
    first_serial: str | None
    """The units called back, from this number to the last one, where it is not whole batches."""
    last_serial: str | None
    recall_class: Literal["I", "II", "III"]
    reason: str
    ordered_at: Moment
    outcome: Literal["completed", "withdrawn"] | None
    closed_at: Moment | None


class RecallOut(RecallHead):
    """A recall, and how far it has got with the customers of the caller's sites."""

    customers: int
    customers_informed: int
    quantity: Total
    """What was delivered to them, in the item's base unit."""
    returned: Total
    """How much of it is back again; what was lost on its way is not."""


class AffectedCustomer(BaseModel):
    """A customer who got some of the goods, and when it was told last."""

    customer_id: str
    name: str
    shipments: int
    quantity: Total
    returned: Total
    last_shipped_at: Moment
    informed_at: Moment | None
    informed_by: str | None
    note: str | None


class AffectedLine(BaseModel):
    """A line of a shipment by which some of the goods left."""

    shipment_id: UUID
    line_no: int
    number: str
    site_id: str
    order_id: UUID
    customer_id: str
    posted_at: Moment
    unit: str
    quantity: Quantity
    """How much of the line is called back."""
    batch_id: str
    serials: list[str]
    returned: Total


class NoticeIn(BaseModel):
    """How the customer was told."""

    model_config = ConfigDict(extra="forbid")

    note: Name | None = None


class NoticeOut(BaseModel):
    """A customer was told of a recall."""

    notice_id: UUID
    recall_id: UUID
    customer_id: str
    informed_at: Moment
    informed_by: str
    note: str | None


@queries_router.get("/recalls")
async def list_recalls(session: Session, paging: CurrentPaging, _: Reader) -> Page[RecallHead]:
    """List recalls, the newest first."""
    rows = await queries.recalls_before(session, paging.after_id(), paging.limit + 1)
    return paging.page([RecallHead(**row) for row in rows], lambda one: [one.recall_id])


@queries_router.get("/recalls/{recall_id}")
async def read_recall(recall_id: UUID, session: Session, caller: Reader) -> RecallOut:
    """Return a recall with the number of customers who got the goods and were told."""
    recall = await recall_of(session, recall_id)
    counts = await queries.progress(session, Affected(recall, caller.covered()))
    return RecallOut(**recall, **counts)


@queries_router.get("/recalls/{recall_id}/customers")
async def list_customers(
    recall_id: UUID, session: Session, paging: CurrentPaging, caller: Reader
) -> Page[AffectedCustomer]:
    """List who got the goods from the caller's sites, in order of customers."""
    affected = Affected(await recall_of(session, recall_id), caller.covered())
    after = paging.after(1)
    rows = await queries.customers_after(
        session, affected, after[0] if after else None, paging.limit + 1
    )
    return paging.page([AffectedCustomer(**row) for row in rows], lambda one: [one.customer_id])


@queries_router.get("/recalls/{recall_id}/shipments")
async def list_shipments(
    recall_id: UUID,
    session: Session,
    paging: CurrentPaging,
    caller: Reader,
    customer_id: Code | None = None,
) -> Page[AffectedLine]:
    """List the shipped lines that named what is called back, the newest first."""
    recall = await recall_of(session, recall_id)
    affected = Affected(recall, caller.covered(), customer_id)
    rows = await queries.shipments_before(
        session, affected, paging.after_as(LINE), paging.limit + 1
    )
    return paging.page(
        [AffectedLine(**row) for row in rows], lambda one: [one.shipment_id, one.line_no]
    )


@queries_router.get("/recalls/{recall_id}/customers/export", response_class=Response)
async def export_customers(
    recall_id: UUID, session: Session, caller: Reader, file: WantedFile
) -> Response:
    """Return who got the goods, who was told, and what came back of them, as a file."""
    recall = await recall_of(session, recall_id)
    after = file.paging.after(1)
    rows = await queries.customers_after(
        session,
        Affected(recall, caller.covered()),
        after[0] if after else None,
        file.paging.limit + 1,
    )
    views = [AffectedCustomer(**row) for row in rows]
    return await file.of(f"{recall['number']}-customers", AffectedCustomer, views, _of_customer)


def _of_customer(one: AffectedCustomer) -> list[object]:
    return [one.customer_id]


@queries_router.get("/recalls/{recall_id}/shipments/export", response_class=Response)
async def export_shipments(
    recall_id: UUID, session: Session, caller: Reader, file: WantedFile
) -> Response:
    """Return the shipped lines that named what is called back as a file, the newest first."""
    recall = await recall_of(session, recall_id)
    rows = await queries.shipments_before(
        session,
        Affected(recall, caller.covered()),
        file.paging.after_as(LINE),
        file.paging.limit + 1,
    )
    views = [AffectedLine(**row) for row in rows]
    return await file.of(f"{recall['number']}-shipments", AffectedLine, views, _of_line)


def _of_line(one: AffectedLine) -> list[object]:
    return [one.shipment_id, one.line_no]


@commands.post("/recalls/{recall_id}/customers/{customer_id}/informed", status_code=201)
async def inform(
    recall_id: UUID, customer_id: Code, body: NoticeIn, session: Session, caller: Informer
) -> NoticeOut:
    """Note that a customer was told; it may be told again, and the list shows the last time."""
    told = NoteInformed(recall_id=recall_id, customer_id=customer_id, note=body.note, caller=caller)
    return NoticeOut.model_validate(await note_informed(session, told), from_attributes=True)
