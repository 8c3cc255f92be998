"""Changes of orders as people look at them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.tables import order_change_lines, order_changes, swap_lines


async def changes_after(
    session: AsyncSession, order: tuple[str, UUID], after: int, limit: int
) -> Sequence[RowMapping]:
    """Return the changes of an order, by its site and id, in the order they were asked for."""
    site_id, order_id = order
    its = order_changes.c
    wanted = (
        select(order_changes)
        .where(its.site_id == site_id, its.order_id == order_id, its.change_no > after)
        .order_by(its.change_no)
        .limit(limit)
    )
    return (await session.execute(wanted)).mappings().all()


async def lines_of(
    session: AsyncSession, order: tuple[str, UUID], changes: Sequence[int]
) -> Sequence[RowMapping]:
    """Return the lines that changes of an order wanted."""
    return await _of(session, order_change_lines, order, changes)


async def swap_lines_of(
    session: AsyncSession, order: tuple[str, UUID], changes: Sequence[int]
) -> Sequence[RowMapping]:
    """Return what is to be held since other goods were in hand."""
    return await _of(session, swap_lines, order, changes)


async def _of(
    session: AsyncSession, lines: Table, order: tuple[str, UUID], changes: Sequence[int]
) -> Sequence[RowMapping]:
    site_id, order_id = order
    its = lines.c
    wanted = (
        select(lines)
        .where(its.site_id == site_id, its.order_id == order_id, its.change_no.in_(changes))
        .order_by(its.change_no, its.line_no)
    )
    return (await session.execute(wanted)).mappings().all()
