"""Promote goods for a time, or let a promotion be over before its time."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales.prices import store
from sales.prices.domain import Promotion, Scope
from sales.reference.store import items_of, site_of
from servicekit.clock import now


async def promote(session: AsyncSession, promotion: Promotion) -> Promotion:
    """Return the promotion kept; raise for an item or a site nobody knows."""
    if promotion.scope is Scope.ITEM:
        await items_of(session, [promotion.scope_name])
    if promotion.site_id is not None:
        await site_of(session, promotion.site_id)
    await store.add_promotion(session, promotion)
    return promotion


async def end_promotion(session: AsyncSession, promotion_id: UUID) -> Promotion:
    """Return the promotion, which is over now; one that is over already stays as it is.

    One that never began is over the moment it would have begun: nothing is sold by it.
    """
    found, at = await store.promotion_to_change(session, promotion_id), now()
    if found.ends_at <= at:
        return found
    if found.starts_at >= at:
        await store.drop_promotion(session, promotion_id)
        return found
    await store.end_promotion(session, promotion_id, at)
    return replace(found, ends_at=at)
