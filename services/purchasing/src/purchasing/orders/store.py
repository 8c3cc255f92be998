"""Loads orders, and counts documents."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders.domain import PurchaseOrder, UnknownOrder, document_number
from purchasing.orders.tables import document_counters


async def order_to_change(session: AsyncSession, order_id: UUID) -> PurchaseOrder:
    """Load an order with its lines and lock it; its lines change under its lock alone."""
    found = await session.get(PurchaseOrder, order_id, with_for_update={"key_share": True})
    if found is None:
        raise UnknownOrder(order_id=order_id)
    return found


async def next_number(session: AsyncSession, prefix: str, site_id: str, day: date) -> str:
    """Return the next number of a site's day.

    Others of that site wait for theirs until this transaction ends: take it last.
    """
    statement = insert(document_counters).values(site_id=site_id, prefix=prefix, day=day, last=1)
    counted = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["site_id", "prefix", "day"],
            set_={"last": document_counters.c.last + 1},
        ).returning(document_counters.c.last)
    )
    return document_number(prefix, site_id, day, counted or 1)
