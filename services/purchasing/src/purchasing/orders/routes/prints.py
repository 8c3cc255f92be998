"""Orders on paper: a label with the QR code, and a page to send to the supplier."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from papers.labels import SVG, label
from papers.pages import Paper, page
from purchasing.orders import queries
from purchasing.orders.domain import plain
from purchasing.reference.domain import order_code
from purchasing.reference.routes import Reader
from servicekit.http.routing import Session, query_router

router = query_router("orders")

HEADS = ("#", "Item 商品", "Quantity 数量", "Price 单价", "Kind 类别", "Due 交货日")


@router.get(
    "/orders/{order_id}/label", response_class=Response, responses={200: {"content": {SVG: {}}}}
)
async def get_label(order_id: UUID, session: Session, caller: Reader) -> Response:
    """Return a label with the order's QR code and number, as SVG."""
    head = await queries.order(session, order_id)
    caller.must_cover(head["site_id"])
    return Response(label(order_code(order_id), head["number"]), media_type=SVG)


@router.get("/orders/{order_id}/print", response_class=HTMLResponse)
async def get_print(order_id: UUID, session: Session, caller: Reader) -> HTMLResponse:
    """Return the order as a page that needs nothing else: no script, no picture, no font."""
    head = await queries.order(session, order_id)
    caller.must_cover(head["site_id"])
    return HTMLResponse(page(paper(dict(head), await queries.order_lines(session, order_id))))


def paper(head: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Paper:
    """Say what stands on the order's page."""
    return Paper(
        title="Purchase order 采购订单",
        number=head["number"],
        code=order_code(head["order_id"]),
        facts={
            "Supplier 供应商": head["supplier_id"],
            "Deliver to 收货": f"{head['site_id']} / {head['warehouse_id']}",
            "Currency 币种": head["currency"],
            "Due 交货日": str(head["due_date"]),
            "Status 状态": head["status"].value,
            "Version 版本": str(head["version"]),
        },
        heads=HEADS,
        rows=[_cells(line, head) for line in lines],
        signatures={"Ordered by 订购人": head["placed_by"], "Confirmed by 供应商确认": None},
    )


def _cells(line: Mapping[str, Any], head: Mapping[str, Any]) -> tuple[str, ...]:
    parts = line["deliveries"]
    days = [f"{one['due_date']}: {plain(one['quantity'])} {line['unit']}" for one in parts]
    return (
        str(line["line_no"]),
        line["item_id"],
        f"{plain(line['quantity'])} {line['unit']}",
        f"{plain(line['unit_cost'])} {head['currency']}",
        line["kind"].value,
        ", ".join(days) or str(head["due_date"]),
    )
