"""Orders on paper: a label with the QR code, and a page to send to the supplier."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from attachments.labels import SVG, label
from purchasing.orders import queries
from purchasing.orders.domain import plain
from purchasing.reference.domain import order_code
from purchasing.reference.routes import Reader
from servicekit.http.routing import Session, query_router

router = query_router("orders")

STYLE = """
@page { margin: 15mm }
body { font: 11pt sans-serif; color: #000 }
header { display: flex; justify-content: space-between }
header svg { width: 32mm; height: 32mm }
table { border-collapse: collapse; width: 100%; margin: 6mm 0 }
th, td { border: 1px solid #000; padding: 1.5mm 2mm; text-align: left; vertical-align: top }
tr { break-inside: avoid }
"""
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
    return HTMLResponse(page(dict(head), await queries.order_lines(session, order_id)))


def page(head: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> str:
    """Write the order as HTML."""
    facts = {
        "Supplier 供应商": head["supplier_id"],
        "Deliver to 收货": f"{head['site_id']} / {head['warehouse_id']}",
        "Currency 币种": head["currency"],
        "Due 交货日": str(head["due_date"]),
        "Status 状态": head["status"].value,
        "Version 版本": str(head["version"]),
    }
    said = "<br>".join(f"{name}: {escape(value)}" for name, value in facts.items())
    number = escape(head["number"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{number}</title>'
        f"<style>{STYLE}</style></head><body><header><div><h1>Purchase order 采购订单 {number}</h1>"
        f"<p>{said}</p></div>{label(order_code(head['order_id']), head['number'])}</header>"
        f"<table><thead><tr>{''.join(f'<th>{one}</th>' for one in HEADS)}</tr></thead>"
        f"<tbody>{''.join(_row(line, head) for line in lines)}</tbody></table></body></html>"
    )


def _row(line: Mapping[str, Any], head: Mapping[str, Any]) -> str:
    parts = line["deliveries"]
    days = [f"{one['due_date']}: {plain(one['quantity'])} {line['unit']}" for one in parts]
    cells = (
        str(line["line_no"]),
        line["item_id"],
        f"{plain(line['quantity'])} {line['unit']}",
        f"{plain(line['unit_cost'])} {head['currency']}",
        line["kind"].value,
        ", ".join(days) or str(head["due_date"]),
    )
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
