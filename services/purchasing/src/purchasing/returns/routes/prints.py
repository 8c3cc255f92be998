"""Returns on paper: a label with the QR code, and a page that goes with the goods."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from attachments.labels import SVG, label
from purchasing.orders.domain import plain
from purchasing.orders.routes.prints import STYLE
from purchasing.reference.domain import return_code
from purchasing.reference.routes import Reader
from purchasing.returns import queries
from servicekit.http.routing import Session, query_router

router = query_router("returns")

HEADS = ("#", "Item 商品", "Quantity 数量", "Batch 批次", "Serials 序列号", "From 仓库")


@router.get(
    "/returns/{return_id}/label", response_class=Response, responses={200: {"content": {SVG: {}}}}
)
async def get_label(return_id: UUID, session: Session, caller: Reader) -> Response:
    """Return a label with the return's QR code and number, as SVG."""
    head = await queries.purchase_return(session, return_id)
    caller.must_cover(head["site_id"])
    return Response(label(return_code(return_id), head["number"]), media_type=SVG)


@router.get("/returns/{return_id}/print", response_class=HTMLResponse)
async def get_print(return_id: UUID, session: Session, caller: Reader) -> HTMLResponse:
    """Return the return as a page that needs nothing else: no script, no picture, no font."""
    head = await queries.purchase_return(session, return_id)
    caller.must_cover(head["site_id"])
    lines = [dict(line) for line in await queries.lines_of(session, return_id)]
    return HTMLResponse(page(dict(head), lines))


def page(head: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> str:
    """Write the return as HTML."""
    facts = {
        "Supplier 供应商": head["supplier_id"],
        "Receipt 收货单": head["receipt_number"],
        "From 退货门店": head["site_id"],
        "Cause 原因": head["cause"].value,
        "Note 说明": head["note"] or "",
        "Status 状态": head["status"].value,
        "Version 版本": str(head["version"]),
    }
    said = "<br>".join(f"{name}: {escape(value)}" for name, value in facts.items())
    number = escape(head["number"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{number}</title>'
        f"<style>{STYLE}</style></head><body><header><div><h1>Purchase return 采购退货单 {number}"
        f"</h1><p>{said}</p></div>{label(return_code(head['return_id']), head['number'])}</header>"
        f"<table><thead><tr>{''.join(f'<th>{one}</th>' for one in HEADS)}</tr></thead>"
        f"<tbody>{''.join(_row(line) for line in lines)}</tbody></table></body></html>"
    )


def _row(line: Mapping[str, Any]) -> str:
    cells = (
        str(line["line_no"]),
        line["item_id"],
        f"{plain(line['quantity'])} {line['unit']}",
        line["batch_id"],
        ", ".join(line["serials"]),
        line["warehouse_id"],
    )
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
