"""Reads of values and of the entries behind them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from costing.valuation.domain.movement import Kind
from costing.valuation.tables import UNDER_WAY, transit, valuation, value_entry

Rows = Sequence[Any]


async def costs(
    session: AsyncSession,
    sites: Collection[str] | None,
    after: Sequence[str] | None,
    limit: int,
) -> Rows:
    """Return values by site and item; `sites` None means all."""
    wanted = select(valuation).order_by(valuation.c.site_id, valuation.c.item_id).limit(limit)
    if sites is not None:
        wanted = wanted.where(valuation.c.site_id.in_(sites))
    if after is not None:
        wanted = wanted.where(tuple_(valuation.c.site_id, valuation.c.item_id) > tuple_(*after))
    return (await session.execute(wanted)).all()


async def cost(session: AsyncSession, site_id: str, item_id: str) -> Any:
    """Return one value."""
    wanted = select(valuation).where(valuation.c.site_id == site_id, valuation.c.item_id == item_id)
    return (await session.execute(wanted)).one_or_none()


async def entries(
    session: AsyncSession, site_id: str, item_id: str, after: int, limit: int
) -> Rows:
    """Return the value entries of one item at one site, oldest first."""
    wanted = (
        select(value_entry)
        .where(
            value_entry.c.site_id == site_id,
            value_entry.c.item_id == item_id,
            value_entry.c.sequence > after,
        )
        .order_by(value_entry.c.sequence)
        .limit(limit)
    )
    return (await session.execute(wanted)).all()


async def shipment_costs(session: AsyncSession, shipment_id: UUID) -> Rows:
    """Return the value entries of one shipment, by line."""
    wanted = (
        select(value_entry)
        .where(value_entry.c.document_id == shipment_id, value_entry.c.order_id.is_not(None))
        .order_by(value_entry.c.line_no)
    )
    return (await session.execute(wanted)).all()


async def return_costs(session: AsyncSession, return_id: UUID) -> Rows:
    """Return the value entries of one return, by line."""
    wanted = (
        select(value_entry)
        .where(value_entry.c.document_id == return_id, value_entry.c.kind == Kind.RETURN.value)
        .order_by(value_entry.c.line_no)
    )
    return (await session.execute(wanted)).all()


async def in_transit(
    session: AsyncSession,
    sites: Collection[str] | None,
    after: tuple[str, str, int] | None,
    limit: int,
) -> Rows:
    """Return dispatches from or to these sites of which something is still on its way."""
    place = (transit.c.site_id, transit.c.item_id, transit.c.sequence)
    wanted = select(transit).where(UNDER_WAY).order_by(*place).limit(limit)
    if sites is not None:
        wanted = wanted.where(or_(transit.c.site_id.in_(sites), transit.c.to_site_id.in_(sites)))
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*after))
    return (await session.execute(wanted)).all()
