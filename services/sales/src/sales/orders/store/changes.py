"""Keeps changes of orders, and lets their lines take the place of those before."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.changing import OrderChange, Outcome
from sales.orders.domain.lines import OrderLine
from sales.orders.domain.order import SalesOrder
from sales.orders.domain.swapping import SwapLine
from sales.orders.tables import (
    line_prices,
    order_change_lines,
    order_changes,
    sales_order_lines,
    swap_lines,
)
from sales.prices.domain import Found, Source
from sales.substitutes.tables import line_substitutions

PRICED = ("source", "level", "unit_price", "valid_from", "promotion_id", "percent_off")


async def add(
    session: AsyncSession,
    order: SalesOrder,
    change: OrderChange,
    lines: Sequence[OrderLine],
    beside: tuple[Sequence[Found], Sequence[str | None]],
) -> None:
    """Keep a change of a locked order; beside its lines, their prices and what they stand in for.

    Of a line whose amount was given no price is kept.
    """
    key = {"site_id": order.site_id, "order_id": order.order_id}
    await session.execute(insert(order_changes).values(**key, **asdict(change)))
    key["change_no"] = change.change_no
    rows = [
        key
        | asdict(line)
        | {"substitute_for": instead}
        | {n: None if found.source is Source.GIVEN else getattr(found, n) for n in PRICED}
        for line, found, instead in zip(lines, *beside, strict=True)
    ]
    await session.execute(insert(order_change_lines), rows)


async def add_swap(
    session: AsyncSession, order: SalesOrder, change: OrderChange, lines: Sequence[SwapLine]
) -> None:
    """Keep what of a locked order is to be held otherwise."""
    key = {"site_id": order.site_id, "order_id": order.order_id}
    await session.execute(insert(order_changes).values(**key, **asdict(change)))
    key["change_no"] = change.change_no
    await session.execute(insert(swap_lines), [key | asdict(line) for line in lines])


async def swap_lines_of(
    session: AsyncSession, order: SalesOrder, change: OrderChange
) -> list[SwapLine]:
    """Return what is to be held, or is, since somebody had other batches or units in hand."""
    its = swap_lines.c
    wanted = (
        select(*(its[field.name] for field in fields(SwapLine)))
        .where(its.site_id == order.site_id, its.order_id == order.order_id)
        .where(its.change_no == change.change_no)
        .order_by(its.line_no)
    )
    return [SwapLine(**row) for row in (await session.execute(wanted)).mappings()]


async def find(session: AsyncSession, order: SalesOrder, change_id: UUID) -> OrderChange | None:
    """Return the change that a command made, or None."""
    return await _one(session, _of(order).where(order_changes.c.change_id == change_id))


async def present_of(session: AsyncSession, order: SalesOrder) -> OrderChange:
    """Return the change about which an order, as it was loaded, asks inventory."""
    found = await _one(session, _of(order).where(order_changes.c.round == order.round))
    if found is None:
        raise AssertionError("a change is kept before inventory is asked about it")
    return found


async def next_numbers(session: AsyncSession, order: SalesOrder) -> tuple[int, int]:
    """Return the next number of a change of a locked order, and of a line that none has had."""
    changes, lines = order_changes.c, sales_order_lines.c
    made = select(func.coalesce(func.max(changes.change_no), 0) + 1).where(
        changes.site_id == order.site_id, changes.order_id == order.order_id
    )
    used = select(func.max(lines.line_no) + 1).where(
        lines.site_id == order.site_id, lines.order_id == order.order_id
    )
    row = (await session.execute(select(made.scalar_subquery(), used.scalar_subquery()))).one()
    return row[0], row[1]


async def lines_of(
    session: AsyncSession, order: SalesOrder, change: OrderChange
) -> list[OrderLine]:
    """Return the lines that a change wants."""
    names = [field.name for field in fields(OrderLine)]
    wanted = _lines_wanted(order, change, names).order_by(order_change_lines.c.line_no)
    return [OrderLine(**row) for row in (await session.execute(wanted)).mappings()]


async def take_lines(session: AsyncSession, order: SalesOrder, change: OrderChange) -> None:
    """Let the lines of a change become lines of the order, with what stands beside them."""
    its, key = order_change_lines.c, ["site_id", "order_id", "line_no"]
    for table, names, known in (
        (sales_order_lines, [field.name for field in fields(OrderLine)][1:], its.line_no),
        (line_prices, [*PRICED], its.source),
        (line_substitutions, ["item_id", "substitute_for"], its.substitute_for),
    ):
        columns = [*key, *names]
        chosen = _lines_wanted(order, change, columns).where(known.is_not(None))
        await session.execute(insert(table).from_select(columns, chosen))


async def decide(
    session: AsyncSession,
    order: SalesOrder,
    outcome: Outcome,
    at: datetime,
    problem: Mapping[str, Any] | None = None,
) -> None:
    """Keep what became of the change that is pending, if one is."""
    its = order_changes.c
    await session.execute(
        update(order_changes)
        .where(its.site_id == order.site_id, its.order_id == order.order_id)
        .where(its.outcome == Outcome.PENDING)
        .values(outcome=outcome, decided_at=at, problem=problem)
    )


def _of(order: SalesOrder) -> Select[Any]:
    its = order_changes.c
    return select(*(its[field.name] for field in fields(OrderChange))).where(
        its.site_id == order.site_id, its.order_id == order.order_id
    )


async def _one(session: AsyncSession, wanted: Select[Any]) -> OrderChange | None:
    row = (await session.execute(wanted)).mappings().one_or_none()
    return None if row is None else OrderChange(**row)


def _lines_wanted(order: SalesOrder, change: OrderChange, names: Sequence[str]) -> Select[Any]:
    its = order_change_lines.c
    return select(*(its[name] for name in names)).where(
        its.site_id == order.site_id,
        its.order_id == order.order_id,
        its.change_no == change.change_no,
    )
