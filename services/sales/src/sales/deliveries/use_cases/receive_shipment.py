"""Sign for a shipment by scanning its code, where it came from or where it was asked for."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.deliveries import store
from sales.deliveries.domain.codes import read_code
from sales.shipments import store as shipments
from sales.shipments.domain import Shipment, Signature, SignedVia
from sales.shipments.use_cases.deliver_shipments import deliver_shipment
from servicekit.auth import EVERYWHERE, Caller
from servicekit.clock import now


async def receive_shipment(
    session: AsyncSession, scanned: str, signed_by: str, caller: Caller
) -> Shipment:
    """Return the shipment signed for by who scanned it; the same name again changes nothing."""
    shipment = await shipments.shipment_of(session, read_code(scanned))
    await must_receive(session, shipment, caller)
    if (shipment.signed_by, shipment.signed_via) == (signed_by, SignedVia.SCAN):
        return shipment
    at = now()
    signature = Signature(
        signed_at=at,
        signed_by=signed_by,
        signed_via=SignedVia.SCAN,
        proof=None,
        noted_at=at,
        noted_by=caller.subject,
    )
    return await deliver_shipment(
        session, shipment.shipment_id, signature, covering(caller, shipment)
    )


async def shipment_to_see(session: AsyncSession, shipment_id: UUID, caller: Caller) -> Shipment:
    """Return a shipment to who may see it: its own site, and the one that asked for the goods."""
    shipment = await shipments.shipment_of(session, shipment_id)
    await must_receive(session, shipment, caller)
    return shipment


async def must_receive(session: AsyncSession, shipment: Shipment, caller: Caller) -> None:
    """Raise unless the caller covers the site of the shipment, or the one that asked for it."""
    if not {EVERYWHERE, *await store.asking_sites(session, shipment)} & caller.sites:
        caller.must_cover(shipment.site_id)


def covering(caller: Caller, shipment: Shipment) -> Caller:
    """Return the caller with the rights for this shipment's site, which were looked at before."""
    return replace(caller, sites=caller.sites | {shipment.site_id})
