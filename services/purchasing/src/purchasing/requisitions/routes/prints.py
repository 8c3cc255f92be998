"""Requisitions on paper: a label with the QR code, and a page to sign."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from papers.labels import SVG, label
from papers.pages import Paper, page
from purchasing.demand.domain import Requisition, RequisitionLine, plain
from purchasing.reference.domain import requisition_code
from purchasing.reference.routes import Reader
from purchasing.requisitions import queries
from servicekit.http.routing import Session, query_router

router = query_router("requisitions")

HEADS = (
    "#",
    "Item 商品",
    "Quantity 数量",
    "Warehouse 仓库",
    "Needed by 需求日",
    "Supplier 供应商",
    "Ordered 已订",
    "Note 备注",
)


@router.get(
    "/requisitions/{requisition_id}/label",
    response_class=Response,
    responses={200: {"content": {SVG: {}}}},
)
async def get_label(requisition_id: UUID, session: Session, caller: Reader) -> Response:
    """Return a label with the requisition's QR code and number, as SVG."""
    found = await queries.requisition(session, requisition_id)
    caller.must_cover(found.site_id)
    return Response(label(requisition_code(requisition_id), found.number), media_type=SVG)


@router.get("/requisitions/{requisition_id}/print", response_class=HTMLResponse)
async def get_print(requisition_id: UUID, session: Session, caller: Reader) -> HTMLResponse:
    """Return the requisition as a page that needs nothing else: no script, no picture, no font."""
    found = await queries.requisition(session, requisition_id)
    caller.must_cover(found.site_id)
    return HTMLResponse(page(paper(found)))


def paper(one: Requisition) -> Paper:
    """Say what stands on the requisition's page."""
    return Paper(
        title="Requisition 请购单",
        number=one.number,
        code=requisition_code(one.requisition_id),
        facts={
            "Site 门店": one.site_id,
            "Status 状态": one.status.value,
            "Version 版本": str(one.version),
            "Note 备注": one.note,
        },
        heads=HEADS,
        rows=[_cells(line) for line in one.lines],
        signatures={"Asked for by 请购人": one.author, "Approved by 审批人": one.approved_by},
    )


def _cells(line: RequisitionLine) -> tuple[str, ...]:
    return (
        str(line.line_no),
        line.item_id,
        f"{plain(line.quantity)} {line.unit}",
        line.warehouse_id,
        str(line.needed_by),
        line.supplier_id or "",
        f"{plain(line.ordered)} {line.base_unit}",
        line.note or "",
    )
