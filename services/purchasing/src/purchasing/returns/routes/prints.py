"""Returns on paper: a label with the QR code, and a page that goes with the goods."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from papers.labels import SVG, label
from papers.pages import Paper, page
from purchasing.orders.domain import plain
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
    return HTMLResponse(page(paper(dict(head), lines)))


def paper(head: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Paper:
    """Say what stands on the return's page."""
    return Paper(
        title="Purchase return 采购退货单",
        number=head["number"],
        code=return_code(head["return_id"]),
        facts={
            "Supplier 供应商": head["supplier_id"],
            "Receipt 收货单": head["receipt_number"],
            "From 退货门店": head["site_id"],
            "Cause 原因": head["cause"].value,
            "Note 说明": head["note"],
            "Status 状态": head["status"].value,
            "Version 版本": str(head["version"]),
        },
        heads=HEADS,
        rows=[_cells(line) for line in lines],
        signatures={
            "Drafted 制单": head["drafted_by"],
            "Audited 审核": head["audited_by"],
            "Collected by 供应商签收": None,
        },
    )


def _cells(line: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        str(line["line_no"]),
        line["item_id"],
        f"{plain(line['quantity'])} {line['unit']}",
        line["batch_id"],
        ", ".join(line["serials"]),
        line["warehouse_id"],
    )
