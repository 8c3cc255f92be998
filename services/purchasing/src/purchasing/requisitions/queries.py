"""Requisitions as people look at them, with the orders that cover them and what has come."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.demand.domain import Requisition, UnknownRequisition
from purchasing.demand.tables import covers, requisition_lines, requisitions, steps
from purchasing.orders.tables import purchase_order_lines as order_lines
from purchasing.orders.tables import purchase_orders as orders


@dataclass(frozen=True, kw_only=True)
class RequisitionFilter:
    """Which requisitions are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    status: str | None = None
    number: str | None = None
    author: str | None = None
    requisition_id: UUID | None = None
    item_id: str | None = None
    supplier_id: str | None = None
    order_id: UUID | None = None
    needed_until: date | None = None


async def requisition(session: AsyncSession, requisition_id: UUID) -> Requisition:
    """Return a requisition with its lines."""
    found = await session.get(Requisition, requisition_id)
    if found is None:
        raise UnknownRequisition(requisition_id=requisition_id)
    return found


async def orders_of(
    session: AsyncSession, requisition_ids: Collection[UUID]
) -> Mapping[tuple[UUID, int], Sequence[RowMapping]]:
    """Return for each line of requisitions which lines of orders cover it, the oldest first.

    What has come is counted on the line of the order: one of them covers one line alone.
    """
    its_line = (order_lines.c.order_id == covers.c.order_id) & (
        order_lines.c.line_no == covers.c.order_line_no
    )
    statement = (
        select(
            covers,
            orders.c.number,
            orders.c.status,
            orders.c.supplier_id,
            order_lines.c.received,
            order_lines.c.arriving,
            order_lines.c.unit,
            order_lines.c.quantity,
            order_lines.c.unit_cost,
            orders.c.currency,
        )
        .join(order_lines, its_line)
        .join(orders, orders.c.order_id == covers.c.order_id)
        .where(covers.c.requisition_id.in_(requisition_ids))
        .order_by(covers.c.order_id, covers.c.order_line_no)
    )
    found = dict[tuple[UUID, int], list[RowMapping]]()
    for row in (await session.execute(statement)).mappings():
        found.setdefault((row["requisition_id"], row["line_no"]), []).append(row)
    return found


async def requisitions_before(
    session: AsyncSession, wanted: RequisitionFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return requisitions without lines, the newest first (ids sort by time)."""
    head = requisitions.c
    statement = select(requisitions).order_by(head.requisition_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(head.requisition_id < before)
    if wanted.sites is not None:
        statement = statement.where(head.site_id.in_(wanted.sites))
    for name in ("site_id", "status", "number", "author", "requisition_id"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(head[name] == value)
    statement = statement.where(*(exists().where(*one) for one in _details(wanted)))
    return (await session.execute(statement)).mappings().all()


def _details(wanted: RequisitionFilter) -> Sequence[Sequence[ColumnElement[bool]]]:
    """Return what a line, or an order that covers it, must be."""
    line = requisition_lines.c
    its_line = line.requisition_id == requisitions.c.requisition_id
    its_cover = covers.c.requisition_id == requisitions.c.requisition_id
    details = [
        (its_line, line[name] == value)
        for name in ("item_id", "supplier_id")
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.needed_until is not None:
        details.append((its_line, line.needed_by <= wanted.needed_until))
    if wanted.order_id is not None:
        details.append((its_cover, covers.c.order_id == wanted.order_id))
    return details


async def steps_before(
    session: AsyncSession, requisition_id: UUID, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return the steps of a requisition, the newest first."""
    statement = (
        select(steps)
        .where(steps.c.requisition_id == requisition_id)
        .order_by(steps.c.step_id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(steps.c.step_id < before)
    return (await session.execute(statement)).mappings().all()
