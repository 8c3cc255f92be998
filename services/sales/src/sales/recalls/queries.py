"""Who got what is called back: the lines of shipments that named a batch or a unit of it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, func, literal, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers.tables import customers
from sales.orders.tables import sales_orders as orders
from sales.recalls.store import Affected, deliveries
from sales.recalls.tables import notices, recalls
from sales.shipments.tables import shipment_lines as lines
from sales.shipments.tables import shipments


async def recalls_before(
    session: AsyncSession, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return recalls, the newest first (ids sort by time)."""
    statement = select(recalls).order_by(recalls.c.recall_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(recalls.c.recall_id < before)
    return (await session.execute(statement)).mappings().all()


async def customers_after(
    session: AsyncSession, affected: Affected, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Return who got how much, in order of customers, with the last time they were told."""
    back = affected.came_back()
    got = (
        deliveries(
            affected,
            orders.c.customer_id,
            func.count(shipments.c.shipment_id.distinct()).label("shipments"),
            func.sum(affected.quantity).label("quantity"),
            func.sum(back.c.quantity).label("returned"),
            func.max(shipments.c.posted_at).label("last_shipped_at"),
        )
        .join(back, true())
        .where(true() if after is None else orders.c.customer_id > after)
        .group_by(orders.c.customer_id)
        .order_by(orders.c.customer_id)
        .limit(limit)
        .subquery()
    )
    last = (
        select(notices.c.informed_at, notices.c.informed_by, notices.c.note)
        .where(notices.c.recall_id == affected.recall["recall_id"])
        .where(notices.c.customer_id == got.c.customer_id)
        .order_by(notices.c.notice_id.desc())
        .limit(1)
        .lateral()
    )
    statement = (
        select(*got.c, customers.c.name, *last.c)
        .join(customers, customers.c.customer_id == got.c.customer_id)
        .outerjoin(last, true())
        .order_by(got.c.customer_id)
    )
    return (await session.execute(statement)).mappings().all()


async def shipments_before(
    session: AsyncSession, affected: Affected, before: tuple[UUID, int] | None, limit: int
) -> Sequence[RowMapping]:
    """Return the lines by which the goods left, the newest first."""
    back = affected.came_back()
    statement = (
        deliveries(
            affected,
            shipments.c.shipment_id,
            lines.c.line_no,
            shipments.c.number,
            shipments.c.site_id,
            shipments.c.order_id,
            orders.c.customer_id,
            shipments.c.posted_at,
            lines.c.unit,
            affected.quantity.label("quantity"),
            lines.c.batch_id,
            affected.serials.label("serials"),
            back.c.quantity.label("returned"),
        )
        .join(back, true())
        .order_by(shipments.c.shipment_id.desc(), lines.c.line_no.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(
            tuple_(shipments.c.shipment_id, lines.c.line_no) < tuple_(*map(literal, before))
        )
    return (await session.execute(statement)).mappings().all()


async def progress(session: AsyncSession, affected: Affected) -> RowMapping:
    """Return how many customers got how much, and how many of them were told."""
    told = (
        select(notices.c.customer_id)
        .where(notices.c.recall_id == affected.recall["recall_id"])
        .distinct()
        .subquery()
    )
    back = affected.came_back()
    statement = deliveries(
        affected,
        func.count(orders.c.customer_id.distinct()).label("customers"),
        func.count(told.c.customer_id.distinct()).label("customers_informed"),
        func.coalesce(func.sum(affected.quantity), 0).label("quantity"),
        func.coalesce(func.sum(back.c.quantity), 0).label("returned"),
    )
    statement = statement.join(back, true()).outerjoin(
        told, told.c.customer_id == orders.c.customer_id
    )
    return (await session.execute(statement)).mappings().one()
