"""Deliver shipments: somebody signed for them, and their goods are in transit no longer.

Whoever notes it locks the order first, as whoever returns goods does: what a customer has signed
for never comes back as undelivered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.sales import ShipmentDelivered
from sales.orders import store as orders
from sales.shipments import store
from sales.shipments.domain import Shipment, Signature, UnknownShipmentNumber
from sales.shipments.use_cases.complete_order import complete_order
from servicekit import outbox
from servicekit.auth import Caller
from servicekit.errors import Refusal


@dataclass
class Deliveries:
    """What became of the lines of a carrier's file."""

    accepted: int = 0
    unchanged: int = 0
    refused: dict[int, Refusal] = field(default_factory=dict)


async def deliver_shipment(
    session: AsyncSession, shipment_id: UUID, signature: Signature, caller: Caller
) -> Shipment:
    """Return the shipment signed for; the same signature again changes nothing."""
    before = await store.shipment_of(session, shipment_id)
    await orders.order_to_change(session, before.order_id)
    return await _sign(session, shipment_id, signature, caller) or before


async def deliver_listed(
    session: AsyncSession, listed: Mapping[int, tuple[str, Signature]], caller: Caller
) -> Deliveries:
    """Take what a carrier's file says, line by line; a bad line keeps no other one out."""
    known = await store.ids_of(session, [number for number, _ in listed.values()])
    await orders.orders_to_change(session, {order_id for _, order_id in known.values()})
    result = Deliveries()
    for line_no, (number, signature) in listed.items():
        try:
            if number not in known:
                raise UnknownShipmentNumber(number=number)
            signed = await _sign(session, known[number][0], signature, caller)
        except Refusal as refusal:
            result.refused[line_no] = refusal
            continue
        result.accepted += signed is not None
        result.unchanged += signed is None
    return result


async def _sign(
    session: AsyncSession, shipment_id: UUID, signature: Signature, caller: Caller
) -> Shipment | None:
    shipment = await store.shipment_of(session, shipment_id)
    caller.must_cover(shipment.site_id)
    signed = shipment.signed(signature)
    if signed is not None:
        await store.sign(session, signed)
        await outbox.add(session, [_delivered(signed)])
        await complete_order(session, signed.order_id)
    return signed


def _delivered(shipment: Shipment) -> ShipmentDelivered:
    via = shipment.signed_via
    said = {**vars(shipment), "signed_via": None if via is None else via.value}
    return ShipmentDelivered.model_validate(said)
