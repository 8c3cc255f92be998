"""Keeps photos and links, and says which site a shipment was asked for by."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.deliveries.domain.links import DeliveryLink
from sales.deliveries.domain.photos import DeliveryPhoto, UnknownDeliveryPhoto
from sales.deliveries.tables import links, photos
from sales.shipments.domain import Shipment
from sales.sourcing.tables import orders as sourcing_orders


async def asking_sites(session: AsyncSession, shipment: Shipment) -> list[str]:
    """Return the site where a shipment's goods were asked for, if that was another one."""
    rows = await session.scalars(
        select(sourcing_orders.c.site_id).where(sourcing_orders.c.order_id == shipment.order_id)
    )
    return list(rows)


async def photos_of(
    session: AsyncSession, shipment_id: UUID, after: UUID | None = None, limit: int | None = None
) -> Sequence[DeliveryPhoto]:
    """Return the photos of a shipment, the first one first."""
    its_own = select(DeliveryPhoto).where(photos.c.shipment_id == shipment_id)
    if after is not None:
        its_own = its_own.where(photos.c.photo_id > after)
    return (await session.scalars(its_own.order_by(photos.c.photo_id).limit(limit))).all()


async def photo(session: AsyncSession, shipment_id: UUID, photo_id: UUID) -> DeliveryPhoto:
    """Return what is known of a shipment's photo, or raise."""
    found = await session.scalar(
        select(DeliveryPhoto).where(
            photos.c.shipment_id == shipment_id, photos.c.photo_id == photo_id
        )
    )
    if found is None:
        raise UnknownDeliveryPhoto(shipment_id=shipment_id, photo_id=photo_id)
    return found


async def revoke_links(session: AsyncSession, shipment_id: UUID, at: datetime) -> None:
    """Let the unused links of a shipment, whose order is locked, be of no use any more."""
    await session.execute(
        update(links)
        .where(links.c.shipment_id == shipment_id)
        .where(links.c.used_at.is_(None), links.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )


async def link_to_use(session: AsyncSession, token_hash: str) -> DeliveryLink | None:
    """Load the link of a token, locked; None if there is none."""
    return await session.scalar(
        select(DeliveryLink).where(links.c.token_hash == token_hash).with_for_update(key_share=True)
    )
