"""HTTP: a shipment is signed for by scanning its code."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from contracts.wire import Name
from sales.deliveries.use_cases.receive_shipment import receive_shipment
from sales.shipments.routes import ShipmentOut
from servicekit.auth import Caller
from servicekit.http.routing import Session, allow, command_router

Receiver = Annotated[Caller, Depends(allow("clerk", "shop_manager", "service"))]

commands = command_router("deliveries")


class ScanIn(BaseModel):
    """What the code on the delivery note says, and who takes the goods."""

    model_config = ConfigDict(extra="forbid")

    code: Name
    signed_by: Name


@commands.post("/deliveries/scans")
async def scan(body: ScanIn, session: Session, caller: Receiver) -> ShipmentOut:
    """Sign for a shipment: at the site it came from, or at the one that asked for the goods."""
    shipment = await receive_shipment(session, body.code, body.signed_by, caller)
    return ShipmentOut.model_validate(shipment, from_attributes=True)
