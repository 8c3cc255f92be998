"""Shipments on paper: a label with the QR code, and a delivery note to be signed."""

from collections.abc import Sequence
from html import escape
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from attachments.labels import SVG, label
from sales.deliveries.domain.codes import code_of
from sales.deliveries.use_cases.receive_shipment import shipment_to_see
from sales.reference.routes import Reader
from sales.shipments.domain import Shipment, ShipmentLine
from servicekit.http.routing import Session, query_router

router = query_router("deliveries")

STYLE = """
@page { margin: 15mm }
body { font: 11pt sans-serif; color: #000 }
header { display: flex; justify-content: space-between }
header svg { width: 32mm; height: 32mm }
table { border-collapse: collapse; width: 100%; margin: 6mm 0 }
th, td { border: 1px solid #000; padding: 1.5mm 2mm; text-align: left; vertical-align: top }
tr { break-inside: avoid }
"""
HEADS = ("#", "Item 商品", "Quantity 数量", "Batch 批次", "Serials 序列号")


@router.get(
    "/shipments/{shipment_id}/label",
    response_class=Response,
    responses={200: {"content": {SVG: {}}}},
)
async def get_label(shipment_id: UUID, session: Session, caller: Reader) -> Response:
    """Return a label with the shipment's QR code and number, as SVG."""
    shipment = await shipment_to_see(session, shipment_id, caller)
    return Response(label(code_of(shipment_id), shipment.number), media_type=SVG)


@router.get("/shipments/{shipment_id}/print", response_class=HTMLResponse)
async def get_print(shipment_id: UUID, session: Session, caller: Reader) -> HTMLResponse:
    """Return the delivery note as a page that needs nothing else; it says no prices."""
    return HTMLResponse(page(await shipment_to_see(session, shipment_id, caller)))


def page(shipment: Shipment) -> str:
    """Write the delivery note as HTML."""
    number = escape(shipment.number)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{number}</title>'
        f"<style>{STYLE}</style></head><body><header><div><h1>Delivery note 送货单 {number}</h1>"
        f"<p>{escape(shipment.site_id)} / {escape(shipment.warehouse_id)}<br>"
        f"{shipment.posted_at:%Y-%m-%d %H:%M} UTC</p></div>"
        f"{label(code_of(shipment.shipment_id), shipment.number)}</header>"
        f"<table><thead><tr>{''.join(f'<th>{one}</th>' for one in HEADS)}</tr></thead>"
        f"<tbody>{_rows(shipment.lines)}</tbody></table>"
        f"<p>Received by 签收人: ____________________ Date 日期: ____________</p></body></html>"
    )


def _rows(lines: Sequence[ShipmentLine]) -> str:
    return "".join(f"<tr>{_cells(line)}</tr>" for line in lines)


def _cells(line: ShipmentLine) -> str:
    quantity = f"{line.quantity.normalize():f} {line.unit}"
    cells = (str(line.line_no), line.item_id, quantity, line.batch_id, ", ".join(line.serials))
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)
