"""Loads requisitions, keeps their steps, and which lines of orders cover them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand.domain import Cover, Requisition, RequisitionStep, UnknownRequisition
from purchasing.demand.tables import covers, requisitions, steps
from servicekit.clock import now
from servicekit.ids import new_id


async def requisitions_to_change(
    session: AsyncSession, requisition_ids: Collection[UUID]
) -> Mapping[UUID, Requisition]:
    """Load requisitions with their lines and lock them, in the order of ids; raise for a gap."""
    statement = (
        select(Requisition)
        .where(requisitions.c.requisition_id.in_(requisition_ids))
        .order_by(requisitions.c.requisition_id)
        .with_for_update(key_share=True)
    )
    found = {one.requisition_id: one for one in (await session.scalars(statement)).all()}
    for requisition_id in requisition_ids:
        if requisition_id not in found:
            raise UnknownRequisition(requisition_id=requisition_id)
    return found


async def add_step(
    session: AsyncSession, requisition: Requisition, by: str, reason: str | None
) -> None:
    """Keep where the requisition stands now, by whom and why; nobody takes that back."""
    step = RequisitionStep(
        step_id=new_id(),
        requisition_id=requisition.requisition_id,
        version=requisition.version,
        status=requisition.status,
        at=now(),
        by=by,
        reason=reason,
    )
    await session.flush()
    await session.execute(insert(steps), [asdict(step)])


async def covers_of_order(session: AsyncSession, order_id: UUID) -> Sequence[Cover]:
    """Return what an order covers; that changes under the order's lock."""
    statement = select(covers).where(covers.c.order_id == order_id)
    rows = await session.execute(statement.order_by(covers.c.order_line_no))
    return [Cover(**row) for row in rows.mappings()]


async def add_covers(session: AsyncSession, made: Sequence[Cover]) -> None:
    """Keep which lines of orders cover which lines of requisitions."""
    await session.flush()
    await session.execute(insert(covers), [asdict(one) for one in made])


async def set_cover(session: AsyncSession, cover: Cover, base_quantity: Decimal) -> None:
    """Keep how much of an order's line counts."""
    await session.execute(
        update(covers)
        .where(covers.c.order_id == cover.order_id, covers.c.order_line_no == cover.order_line_no)
        .values(base_quantity=base_quantity)
    )
