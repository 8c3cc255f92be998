"""Loads orders, and counts documents."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, case, cast, delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders.domain import (
    Change,
    Limit,
    OrderChange,
    OrderStatus,
    PurchaseOrder,
    UnknownOrder,
    document_number,
)
from purchasing.orders.tables import (
    approval_limits,
    deliveries,
    document_counters,
    order_changes,
)
from purchasing.orders.tables import purchase_order_lines as lines
from purchasing.orders.tables import purchase_orders as orders
from purchasing.reference.tables import sites
from purchasing.suppliers.tables import overdue_lines
from servicekit.clock import now
from servicekit.ids import new_id


async def order_to_change(session: AsyncSession, order_id: UUID) -> PurchaseOrder:
    """Load an order with its lines and lock it; its lines change under its lock alone."""
    found = await session.get(PurchaseOrder, order_id, with_for_update={"key_share": True})
    if found is None:
        raise UnknownOrder(order_id=order_id)
    return found


async def order(session: AsyncSession, order_id: UUID) -> PurchaseOrder:
    """Load an order with its lines as it is now."""
    found = await session.get(PurchaseOrder, order_id)
    if found is None:
        raise UnknownOrder(order_id=order_id)
    return found


async def orders_expected(
    session: AsyncSession, supplier_id: str, site_id: str, warehouse_id: str, limit: int
) -> Sequence[PurchaseOrder]:
    """Load what a supplier still owes a warehouse, the most urgent orders first."""
    statement = (
        select(PurchaseOrder)
        .where(
            orders.c.supplier_id == supplier_id,
            orders.c.site_id == site_id,
            orders.c.warehouse_id == warehouse_id,
            orders.c.status == OrderStatus.PLACED,
        )
        .order_by(orders.c.due_date, orders.c.order_id)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def expected_elsewhere(
    session: AsyncSession, supplier_id: str, site_id: str, warehouse_id: str
) -> dict[str, int]:
    """Return how many orders a supplier still owes other warehouses of a site, by warehouse."""
    rows = await session.execute(
        select(orders.c.warehouse_id, func.count().label("orders"))
        .where(
            orders.c.supplier_id == supplier_id,
            orders.c.site_id == site_id,
            orders.c.warehouse_id != warehouse_id,
            orders.c.status == OrderStatus.PLACED,
        )
        .group_by(orders.c.warehouse_id)
        .order_by(orders.c.warehouse_id)
    )
    return {row.warehouse_id: row.orders for row in rows}


async def add_changes(
    session: AsyncSession,
    order: PurchaseOrder,
    changes: Sequence[Change],
    by: str,
    reason: str | None,
) -> None:
    """Keep what changed about an order, by whom and why; nobody takes that back."""
    rows = [
        asdict(
            OrderChange(
                change_id=new_id(),
                order_id=order.order_id,
                version=order.version,
                changed_at=now(),
                changed_by=by,
                reason=reason,
                **asdict(one),
            )
        )
        for one in changes
    ]
    if rows:
        # An order that is drafted in this transaction stands before what is said about it.
        await session.flush()
        await session.execute(insert(order_changes), rows)


async def limits(session: AsyncSession) -> Sequence[Limit]:
    """Return up to which amounts roles decide about orders."""
    rows = await session.execute(select(approval_limits))
    return [Limit(**row) for row in rows.mappings()]


async def put_limit(session: AsyncSession, limit: Limit) -> None:
    """Keep a limit in place of the one the role had in that currency."""
    statement = insert(approval_limits).values(asdict(limit))
    others = {name: statement.excluded[name] for name in ("amount", "set_at", "set_by")}
    await session.execute(
        statement.on_conflict_do_update(index_elements=["role", "currency"], set_=others)
    )


async def remove_limit(session: AsyncSession, role: str, currency: str) -> None:
    """Let the role decide about no order in that currency, as long as others have limits."""
    its_own = (approval_limits.c.role == role) & (approval_limits.c.currency == currency)
    await session.execute(delete(approval_limits).where(its_own))


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


async def newly_overdue(
    session: AsyncSession, at: datetime, overdue_days: int, limit: int
) -> Sequence[UUID]:
    """Return orders with overdue lines that are not noted yet, the oldest due first."""
    last_day = cast(func.timezone(sites.c.time_zone, at), Date) - overdue_days
    noted = exists().where(
        overdue_lines.c.order_id == lines.c.order_id, overdue_lines.c.line_no == lines.c.line_no
    )
    owed = exists().where(
        lines.c.order_id == orders.c.order_id, lines.c.received < _due_by(last_day), ~noted
    )
    statement = (
        select(orders.c.order_id)
        .join(sites, sites.c.site_id == orders.c.site_id)
        # Written out, so that the partial index fits: what is not received is all that is read.
        .where(text("purchase_order.status = 'placed'"), owed)
        .order_by(orders.c.due_date, orders.c.order_id)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


def _due_by(last_day: Any) -> Any:
    """Return how much of a line should have come by then, as `OrderLine.due_by` says it."""
    its_own = (deliveries.c.order_id == lines.c.order_id) & (
        deliveries.c.line_no == lines.c.line_no
    )
    parts = select(func.coalesce(func.sum(deliveries.c.quantity), 0)).where(
        its_own, deliveries.c.due_date <= last_day
    )
    share = parts.scalar_subquery() * lines.c.base_quantity / lines.c.quantity
    wanted = lines.c.base_quantity - lines.c.cancelled
    return case(
        (exists().where(its_own), func.least(share, wanted)),
        (orders.c.due_date <= last_day, wanted),
        else_=0,
    )
