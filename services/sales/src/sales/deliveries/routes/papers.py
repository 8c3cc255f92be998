"""Shipments on paper: a label with the QR code, and a delivery note to be signed."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse

from papers.labels import SVG, label
from papers.pages import Paper, page
from sales.deliveries.domain.codes import code_of
from sales.deliveries.use_cases.receive_shipment import shipment_to_see
from sales.reference.routes import Reader
from sales.shipments.domain import Shipment, ShipmentLine
from servicekit.http.routing import Session, query_router

router = query_router("deliveries")

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
    return HTMLResponse(page(note(await shipment_to_see(session, shipment_id, caller))))


def note(shipment: Shipment) -> Paper:
    """Say what stands on the delivery note."""
    return Paper(
        title="Delivery note 送货单",
        number=shipment.number,
        code=code_of(shipment.shipment_id),
        facts={
            "From 发货": f"{shipment.site_id} / {shipment.warehouse_id}",
            "Date 日期": f"{shipment.posted_at:%Y-%m-%d %H:%M} UTC",
        },
        heads=HEADS,
        rows=[_cells(line) for line in shipment.lines],
        signatures={"Received by 签收人": None, "Date 日期": None},
    )


def _cells(line: ShipmentLine) -> tuple[str, ...]:
    quantity = f"{line.quantity.normalize():f} {line.unit}"
    return (str(line.line_no), line.item_id, quantity, line.batch_id, ", ".join(line.serials))
