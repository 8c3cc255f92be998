"""Loads returns, locked, and what has left and come back of a shipment.

Whoever drafts or posts a return locks the order of its shipment first: what came back of it is
counted by one at a time.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import raiseload

from sales.returns.domain.customer_return import (
    DECIDED,
    CustomerReturn,
    ReturnStatus,
)
from sales.returns.domain.refusals import UnknownReturn
from sales.returns.domain.shipped import ZERO, ShippedLine
from sales.returns.tables import return_lines, returns
from sales.shipments.domain import Shipment


async def order_of(session: AsyncSession, return_id: UUID) -> UUID:
    """Return the order whose goods came back, or raise."""
    order_id: UUID | None = await session.scalar(
        select(returns.c.order_id).where(returns.c.return_id == return_id)
    )
    if order_id is None:
        raise UnknownReturn(return_id=return_id)
    return order_id


async def return_to_change(session: AsyncSession, return_id: UUID) -> CustomerReturn:
    """Load a return with its lines, locked, or raise."""
    found = await session.scalar(
        select(CustomerReturn)
        .where(returns.c.return_id == return_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise UnknownReturn(return_id=return_id)
    return found


async def heads_to_change(session: AsyncSession, ids: Collection[UUID]) -> Sequence[CustomerReturn]:
    """Load returns without their lines, locked, in order of their ids; raise if one is missing."""
    statement = (
        select(CustomerReturn)
        .where(returns.c.return_id == any_(literal(list(ids), ARRAY(Uuid))))
        .order_by(returns.c.return_id)
        .with_for_update(key_share=True)
        .options(raiseload("*"))
    )
    found = (await session.scalars(statement)).all()
    missing = set(ids).difference(one.return_id for one in found)
    if missing:
        raise UnknownReturn(return_id=min(missing))
    return found


async def shipped_lines(session: AsyncSession, shipment: Shipment) -> Mapping[int, ShippedLine]:
    """Return the lines of a shipment with what has come back of each; its order is locked."""
    rows = await session.execute(
        select(return_lines, returns.c.status)
        .join(
            returns,
            (returns.c.site_id == return_lines.c.site_id)
            & (returns.c.return_id == return_lines.c.return_id),
        )
        .where(
            returns.c.shipment_id == shipment.shipment_id,
            returns.c.status != ReturnStatus.CANCELLED,
        )
    )
    back: dict[int, list[Row[Any]]] = {}
    for row in rows:
        back.setdefault(row.shipment_line_no, []).append(row)
    return {
        line.line_no: ShippedLine(
            line_no=line.line_no,
            item_id=line.item_id,
            unit=line.unit,
            quantity=line.quantity,
            amount=line.amount,
            batch_id=line.batch_id,
            serials=tuple(line.serials),
            claimed=sum((one.quantity for one in came), ZERO),
            claimed_serials=frozenset(serial for one in came for serial in one.serials),
            returned=sum((one.quantity for one in came if one.status in DECIDED), ZERO),
            refunded=sum((one.amount for one in came if one.status in DECIDED), ZERO),
        )
        for line in shipment.lines
        for came in (back.get(line.line_no, []),)
    }
