"""Receipts on paper: what was taken in and what was turned away, to be signed at the door."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse

from papers.pages import Paper, page
from purchasing.orders.domain import plain
from purchasing.receipts import queries
from purchasing.reference.domain import order_code
from purchasing.reference.routes import Reader
from servicekit.http.routing import Session, query_router

router = query_router("receipts")

HEADS = ("#", "Item 商品", "Quantity 数量", "Batch 批次", "Taken in 收货")
Rows = Sequence[Mapping[str, Any]]


@router.get("/receipts/{receipt_id}/print", response_class=HTMLResponse)
async def get_print(receipt_id: UUID, session: Session, caller: Reader) -> HTMLResponse:
    """Return the receipt as a page that needs nothing else; its code is that of the order."""
    head = await queries.receipt(session, receipt_id)
    caller.must_cover(head["site_id"])
    lines = [dict(one) for one in await queries.receipt_lines(session, receipt_id)]
    refused = [dict(one) for one in await queries.refused_of(session, receipt_id)]
    return HTMLResponse(page(paper(dict(head), lines, refused)))


def paper(head: Mapping[str, Any], lines: Rows, refused: Rows) -> Paper:
    """Say what stands on the receipt's page."""
    return Paper(
        title="Goods receipt 收货单",
        number=head["number"],
        code=order_code(head["order_id"]),
        facts={
            "Supplier 供应商": head["supplier_id"],
            "Received at 收货": f"{head['site_id']} / {head['warehouse_id']}",
            "Delivery note 送货单": head["delivery_note"],
            "Status 状态": head["status"].value,
            "Version 版本": str(head["version"]),
        },
        heads=HEADS,
        rows=[*(_taken_in(one) for one in lines), *(_refused(one) for one in refused)],
        signatures={
            "Received 收货人": head["received_by"],
            "Audited 审核": head["audited_by"],
            "Delivered by 送货人签字": None,
        },
    )


def _taken_in(line: Mapping[str, Any]) -> tuple[str, ...]:
    counted = f"{plain(line['counted_quantity'])} {line['counted_unit']}"
    return (str(line["order_line_no"]), line["item_id"], counted, line["batch_id"], "yes 是")


def _refused(one: Mapping[str, Any]) -> tuple[str, ...]:
    why = f"{one['reason'].value}: {one['note']}" if one["note"] else one["reason"].value
    quantity = f"{plain(one['quantity'])} {one['unit']}"
    return (str(one["order_line_no"]), one["item_id"], quantity, "", f"refused 拒收: {why}")
