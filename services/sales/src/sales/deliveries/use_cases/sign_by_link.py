"""Sign for a shipment by the link that was sent: nobody logs in, the token is all there is."""

from sqlalchemy.ext.asyncio import AsyncSession

from sales.deliveries import store
from sales.deliveries.domain.links import DeliveryLink, LinkInvalid, digest_of
from sales.shipments.domain import Signature, SignedVia
from sales.shipments.use_cases.deliver_shipments import deliver_shipment
from servicekit.auth import Caller
from servicekit.clock import now
from servicekit.errors import Refusal


async def sign_by_link(session: AsyncSession, token: str, signed_by: str) -> DeliveryLink:
    """Return the link, used; the same name again changes nothing. Raise `LinkInvalid` otherwise.

    What is wrong with the shipment is nobody's business here: it was signed for, came back or was
    lost, and the link is of no use.
    """
    link = await store.link_to_use(session, digest_of(token))
    if link is None:
        raise LinkInvalid
    at = now()
    if link.must_hold(at, signed_by):
        return link
    by = Caller(f"link:{link.link_id}", frozenset(), frozenset({link.site_id}))
    signature = Signature(
        signed_at=at,
        signed_by=signed_by,
        signed_via=SignedVia.LINK,
        proof=None,
        noted_at=at,
        noted_by=by.subject,
    )
    try:
        await deliver_shipment(session, link.shipment_id, signature, by)
    except Refusal as refusal:
        raise LinkInvalid from refusal
    link.used_at, link.used_by = at, signed_by
    return link
