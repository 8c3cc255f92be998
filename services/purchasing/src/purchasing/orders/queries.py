"""Orders as people look at them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, exists, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders.domain import UnknownOrder
from purchasing.orders.tables import deliveries
from purchasing.orders.tables import order_changes as changes
from purchasing.orders.tables import purchase_order_lines as lines
from purchasing.orders.tables import purchase_orders as orders
from purchasing.suppliers.tables import overdue_lines as overdue

STILL_OPEN = func.greatest(lines.c.base_quantity - lines.c.cancelled - lines.c.received, 0).label(
    "open"
)
"""What is still owed of a line, in base units."""


@dataclass(frozen=True, kw_only=True)
class OrderFilter:
    """Which orders are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    supplier_id: str | None = None
    status: str | None = None
    number: str | None = None
    item_id: str | None = None
    due_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class OverdueFilter:
    """Which overdue lines are looked for; None means any."""

    sites: Collection[str] | None = None
    site_id: str | None = None
    supplier_id: str | None = None


async def order(session: AsyncSession, order_id: UUID) -> RowMapping:
    """Return an order without its lines, or raise."""
    rows = await session.execute(select(orders).where(orders.c.order_id == order_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownOrder(order_id=order_id)
    return found


async def order_lines(session: AsyncSession, order_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Return the lines of an order with what was received and what is still open."""
    statement = (
        select(lines, STILL_OPEN).where(lines.c.order_id == order_id).order_by(lines.c.line_no)
    )
    rows = (await session.execute(statement)).mappings().all()
    parts = await _deliveries(session, order_id)
    return [{**row, "deliveries": parts.get(row["line_no"], [])} for row in rows]


async def _deliveries(
    session: AsyncSession, order_id: UUID
) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    statement = (
        select(deliveries).where(deliveries.c.order_id == order_id).order_by(deliveries.c.due_date)
    )
    parts = dict[int, list[Mapping[str, Any]]]()
    for row in (await session.execute(statement)).mappings():
        part = {"due_date": row["due_date"], "quantity": row["quantity"]}
        parts.setdefault(row["line_no"], []).append(part)
    return parts


async def changes_before(
    session: AsyncSession, order_id: UUID, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return what changed about an order, the newest change first."""
    statement = (
        select(changes)
        .where(changes.c.order_id == order_id)
        .order_by(changes.c.change_id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(changes.c.change_id < before)
    return (await session.execute(statement)).mappings().all()


async def orders_before(
    session: AsyncSession, wanted: OrderFilter, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Return orders without lines, the newest first (ids sort by time)."""
    statement = select(orders).order_by(orders.c.order_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(orders.c.order_id < before)
    if wanted.sites is not None:
        statement = statement.where(orders.c.site_id.in_(wanted.sites))
    for name in ("site_id", "supplier_id", "status", "number"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(orders.c[name] == value)
    if wanted.due_until is not None:
        statement = statement.where(orders.c.due_date <= wanted.due_until)
    if wanted.item_id is not None:
        has_it = (lines.c.order_id == orders.c.order_id) & (lines.c.item_id == wanted.item_id)
        statement = statement.where(exists().where(has_it))
    return (await session.execute(statement)).mappings().all()


async def overdue_after(
    session: AsyncSession, wanted: OverdueFilter, after: Sequence[object] | None, limit: int
) -> Sequence[RowMapping]:
    """Return overdue lines with what is owed, those of the oldest order first."""
    its_line = (lines.c.order_id == overdue.c.order_id) & (lines.c.line_no == overdue.c.line_no)
    head = ("supplier_id", "site_id", "warehouse_id", "due_date", "number")
    statement = (
        select(
            *(orders.c[name] for name in head),
            orders.c.author.label("buyer"),
            *(lines.c[name] for name in ("item_id", "base_unit")),
            *(overdue.c[name] for name in ("order_id", "line_no", "warning_id", "since")),
            STILL_OPEN,
        )
        .join(lines, its_line)
        .join(orders, orders.c.order_id == overdue.c.order_id)
        .order_by(overdue.c.order_id, overdue.c.line_no)
        .limit(limit)
    )
    if after is not None:
        place = tuple_(*(literal(part) for part in after))
        statement = statement.where(tuple_(overdue.c.order_id, overdue.c.line_no) > place)
    if wanted.sites is not None:
        statement = statement.where(orders.c.site_id.in_(wanted.sites))
    for name in ("site_id", "supplier_id"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(orders.c[name] == value)
    return (await session.execute(statement)).mappings().all()
