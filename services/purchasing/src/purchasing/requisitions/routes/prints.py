"""Requisitions on paper: a label with the QR code, and a page to sign."""

from html import escape
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from attachments.labels import SVG, label
from purchasing.demand.domain import Requisition, RequisitionLine, plain
from purchasing.orders.routes.prints import STYLE
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
    return HTMLResponse(page(found))


def page(one: Requisition) -> str:
    """Write the requisition as HTML."""
    facts = {
        "Site 门店": one.site_id,
        "Asked for by 请购人": one.author,
        "Approved by 审批人": one.approved_by or "",
        "Status 状态": one.status.value,
        "Version 版本": str(one.version),
        "Note 备注": one.note or "",
    }
    said = "<br>".join(f"{name}: {escape(value)}" for name, value in facts.items())
    number = escape(one.number)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{number}</title>'
        f"<style>{STYLE}</style></head><body><header><div><h1>Requisition 请购单 {number}</h1>"
        f"<p>{said}</p></div>{label(requisition_code(one.requisition_id), one.number)}</header>"
        f"<table><thead><tr>{''.join(f'<th>{name}</th>' for name in HEADS)}</tr></thead>"
        f"<tbody>{''.join(_row(line) for line in one.lines)}</tbody></table></body></html>"
    )


def _row(line: RequisitionLine) -> str:
    cells = (
        str(line.line_no),
        line.item_id,
        f"{plain(line.quantity)} {line.unit}",
        line.warehouse_id,
        str(line.needed_by),
        line.supplier_id or "",
        f"{plain(line.ordered)} {line.base_unit}",
        line.note or "",
    )
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
