"""Make a link by which a customer without an account signs for a shipment."""

from datetime import timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.deliveries import store
from sales.deliveries.domain.links import TOKEN_BYTES, DeliveryLink, digest_of
from sales.orders import store as orders
from sales.shipments import store as shipments
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.ids import new_id


async def make_link(
    session: AsyncSession, shipment_id: UUID, hours: int, caller: Caller
) -> tuple[DeliveryLink, str]:
    """Return the link and its token, which nobody is told again; older ones are of no use now."""
    shipment = await shipments.shipment_of(session, shipment_id)
    caller.must_cover(shipment.site_id)
    await orders.order_to_change(session, shipment.order_id)
    shipment = await shipments.shipment_of(session, shipment_id)
    shipment.must_be_under_way()
    at, token = now(), token_urlsafe(TOKEN_BYTES)
    await store.revoke_links(session, shipment_id, at)
    link = DeliveryLink(
        site_id=shipment.site_id,
        link_id=new_id(),
        shipment_id=shipment_id,
        token_hash=digest_of(token),
        made_at=at,
        made_by=caller.subject,
        expires_at=at + timedelta(hours=hours),
    )
    session.add(link)
    return link, token
