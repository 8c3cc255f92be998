"""Attach a photo of the signed note to a shipment."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from attachments.attaching import attach
from attachments.photos import PHOTOS_MAX, checked
from attachments.store import Files
from sales.deliveries import store
from sales.deliveries.domain.photos import DeliveryPhoto, DeliveryPhotosEnough
from sales.deliveries.use_cases.receive_shipment import must_receive
from sales.orders import store as orders
from sales.shipments import store as shipments
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.database import Database


@dataclass(frozen=True, kw_only=True)
class NewPhoto:
    """A file, what it is said to be, and who attaches it to which shipment."""

    photo_id: UUID
    shipment_id: UUID
    content: bytes
    media_type: str
    caller: Caller


async def attach_photo(
    database: Database, files: Files, wanted: NewPhoto
) -> tuple[DeliveryPhoto, bool]:
    """Return the photo, and whether it is new; the same file is attached once."""
    picture = checked(wanted.content, wanted.media_type)
    async with database.transaction() as session:
        shipment = await shipments.shipment_of(session, wanted.shipment_id)
    photo = DeliveryPhoto(
        site_id=shipment.site_id,
        photo_id=wanted.photo_id,
        shipment_id=shipment.shipment_id,
        attached_at=now(),
        attached_by=wanted.caller.subject,
        **vars(picture),
    )
    return await attach(
        database,
        files,
        photo,
        wanted.content,
        lambda session: _taken(session, wanted, photo.sha256),
    )


async def _taken(session: AsyncSession, wanted: NewPhoto, digest: str) -> DeliveryPhoto | None:
    """Return the same photo if it is attached; raise unless it may be. One is taken at a time."""
    shipment = await shipments.shipment_of(session, wanted.shipment_id)
    await must_receive(session, shipment, wanted.caller)
    await orders.order_to_change(session, shipment.order_id)
    attached = await store.photos_of(session, shipment.shipment_id)
    same = next((one for one in attached if one.sha256 == digest), None)
    if same is None and len(attached) >= PHOTOS_MAX:
        raise DeliveryPhotosEnough(number=shipment.number, count=len(attached))
    return same
