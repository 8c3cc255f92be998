"""Keeps which rests of orders were called off."""

from dataclasses import asdict
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.order import SalesOrder
from sales.orders.domain.rests import CancelledRest
from sales.orders.tables import rests


async def keep_rest(session: AsyncSession, order: SalesOrder, rest: CancelledRest) -> None:
    """Keep that the rest of a locked order is called off."""
    shipped = {str(line_no): f"{quantity:f}" for line_no, quantity in rest.shipped.items()}
    row = asdict(rest) | {"shipped": shipped}
    await session.execute(
        insert(rests).values(site_id=order.site_id, order_id=order.order_id, **row)
    )


async def rest_of(session: AsyncSession, order: SalesOrder) -> CancelledRest | None:
    """Return the rest of an order that was called off, or None."""
    found = await session.execute(
        select(rests).where(rests.c.site_id == order.site_id, rests.c.order_id == order.order_id)
    )
    kept = found.mappings().one_or_none()
    if kept is None:
        return None
    row = dict(kept)
    shipped = {int(line_no): Decimal(quantity) for line_no, quantity in row["shipped"].items()}
    del row["site_id"], row["order_id"]
    return CancelledRest(**row | {"shipped": shipped})
