"""Loads returns, locked, and what has left and come back of a shipment.

Whoever drafts, posts or reverses a return locks the order of its shipment first: what came back of
it is counted by one at a time.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import raiseload

from sales.orders import store as orders
from sales.returns.domain.customer_return import CustomerReturn
from sales.returns.domain.refusals import UnknownReturn
from sales.returns.domain.reversal import ReturnReversal, ReversalStatus
from sales.returns.domain.reversal_refusals import UnknownReversal
from sales.returns.domain.shipped import ZERO, ShippedLine
from sales.returns.domain.states import DECIDED, VOID
from sales.returns.tables import return_lines, returns, reversals
from sales.shipments.domain import Shipment

AT_ONCE = 32


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
            returns.c.status.not_in(VOID),
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


async def reversed_by(session: AsyncSession, return_id: UUID) -> ReturnReversal | None:
    """Return the reversal of a return, which is locked, that was not cancelled, if there is one."""
    found: ReturnReversal | None = await session.scalar(
        select(ReturnReversal).where(
            reversals.c.return_id == return_id, reversals.c.status != ReversalStatus.CANCELLED
        )
    )
    return found


async def reversal_to_change(
    session: AsyncSession, reversal_id: UUID
) -> tuple[CustomerReturn, ReturnReversal]:
    """Load a reversal and its return, both locked, and before them their order; or raise."""
    rows = await session.execute(
        select(reversals.c.order_id, reversals.c.return_id).where(
            reversals.c.reversal_id == reversal_id
        )
    )
    named = rows.one_or_none()
    if named is None:
        raise UnknownReversal(reversal_id=reversal_id)
    await orders.order_to_change(session, named.order_id)
    undone = await return_to_change(session, named.return_id)
    found = await session.scalars(
        select(ReturnReversal)
        .where(reversals.c.reversal_id == reversal_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return undone, found.one()


async def reversals_in_order(session: AsyncSession, ids: Collection[UUID]) -> Sequence[UUID]:
    """Return those there are of these reversals, in the order in which they are locked."""
    rows = await session.scalars(
        select(reversals.c.reversal_id)
        .where(reversals.c.reversal_id == any_(literal(list(ids), ARRAY(Uuid))))
        .order_by(reversals.c.order_id, reversals.c.return_id)
    )
    return rows.all()


async def reversals_waiting(session: AsyncSession, before: datetime) -> Sequence[UUID]:
    """Return the reversals that inventory was asked for before a moment, the oldest first."""
    statement = (
        select(reversals.c.reversal_id)
        .where(reversals.c.status == ReversalStatus.POSTING, reversals.c.posted_at < before)
        .order_by(reversals.c.posted_at, reversals.c.reversal_id)
        .limit(AT_ONCE)
    )
    return (await session.scalars(statement)).all()
