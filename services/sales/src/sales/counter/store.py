"""Keeps counter sales, and loads them locked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Update, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales.counter.domain.refusals import UnknownSale
from sales.counter.domain.sale import CounterSale
from sales.counter.domain.take_back import Back, TakeBack
from sales.counter.tables import sales, take_back_lines, take_backs
from sales.orders.domain.lines import OrderLine

NAMES = [one.name for one in fields(CounterSale)]
TOLD = ("line_no", "item_id", "unit", "quantity", "amount", "batch_id", "serials")
CHANGING = (
    "status",
    "round",
    "attempts",
    "due_at",
    "command_id",
    "cause",
    "problem",
    "shipment_id",
    "closed_at",
    "closed_by",
    "reason",
    "money",
)


async def add_if_new(session: AsyncSession, sale: CounterSale) -> bool:
    """Insert a sale unless it is there; a twin of this transaction is waited for."""
    row = {name: getattr(sale, name) for name in NAMES} | {"lines": written(sale.lines)}
    added = await session.scalar(
        insert(sales).values(row).on_conflict_do_nothing().returning(sales.c.sale_id)
    )
    return added is not None


async def find(session: AsyncSession, sale_id: UUID) -> CounterSale | None:
    """Return a sale as it is now, or None."""
    return await _one(session, select(sales).where(sales.c.sale_id == sale_id))


async def find_told(session: AsyncSession, told: CounterSale) -> CounterSale | None:
    """Return what the till told late under the same number, or None."""
    if not told.is_late:
        return None
    return await _one(
        session,
        select(sales).where(
            sales.c.is_late,
            sales.c.site_id == told.site_id,
            sales.c.device == told.device,
            sales.c.basket_no == told.basket_no,
        ),
    )


async def sale_to_change(session: AsyncSession, sale_id: UUID) -> CounterSale:
    """Load a sale and lock it, or raise."""
    wanted = select(sales).where(sales.c.sale_id == sale_id).with_for_update(key_share=True)
    found = await _one(session, wanted)
    if found is None:
        raise UnknownSale(sale_id=sale_id)
    return found


async def sales_due(session: AsyncSession, at: datetime, limit: int) -> Sequence[CounterSale]:
    """Load and lock sales that wait for inventory too long, leaving out those others work on."""
    rows = await session.execute(
        select(sales)
        .where(sales.c.due_at <= at)
        .order_by(sales.c.due_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return [_sale(row) for row in rows.mappings()]


async def open_sales(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[CounterSale]:
    """Load and lock those of the sales that wait for inventory, in order of their ids."""
    rows = await session.execute(
        select(sales)
        .where(sales.c.sale_id.in_(ids), sales.c.due_at.is_not(None))
        .order_by(sales.c.sale_id)
        .with_for_update(key_share=True)
    )
    return [_sale(row) for row in rows.mappings()]


async def save(session: AsyncSession, sale: CounterSale) -> None:
    """Write back a locked sale."""
    await session.execute(_save(sale))


async def end(session: AsyncSession, sale: CounterSale) -> bool:
    """Write back a sale that inventory has decided, and lock it by that.

    Return False, and write nothing, if it is not open in that round any more.
    """
    still = _save(sale).where(sales.c.due_at.is_not(None), sales.c.round == sale.round)
    return await session.scalar(still.returning(sales.c.sale_id)) is not None


async def taken_back(session: AsyncSession, sale: CounterSale) -> Mapping[int, Back]:
    """Return what has come back of each line of a sale that is locked, if anything has."""
    line = take_back_lines.c
    rows = await session.execute(
        select(line.line_no, func.sum(line.quantity), func.sum(line.amount))
        .where(line.site_id == sale.site_id, line.sale_id == sale.sale_id)
        .group_by(line.line_no)
    )
    return {no: Back(quantity=quantity, amount=amount) for no, quantity, amount in rows}


async def keep_take_back(session: AsyncSession, made: TakeBack) -> None:
    """Keep what came back, line by line."""
    head = asdict(made)
    lines = head.pop("lines")
    key = {name: head[name] for name in ("site_id", "sale_id", "take_back_id")}
    await session.execute(plain_insert(take_backs).values(head))
    await session.execute(plain_insert(take_back_lines), [key | line for line in lines])


def _save(sale: CounterSale) -> Update:
    return (
        update(sales)
        .where(sales.c.site_id == sale.site_id, sales.c.sale_id == sale.sale_id)
        .values({name: getattr(sale, name) for name in CHANGING})
    )


def written(lines: Sequence[OrderLine]) -> list[dict[str, Any]]:
    """Return lines as JSON keeps them exactly: as a till tells them, for it has nothing else."""
    return [
        {name: getattr(line, name) for name in TOLD}
        | {"quantity": f"{line.quantity:f}", "amount": f"{line.amount:f}"}
        | {"serials": list(line.serials)}
        for line in lines
    ]


def read(line: Mapping[str, Any]) -> OrderLine:
    """Return a line that `written` wrote."""
    exact = {name: Decimal(line[name]) for name in ("quantity", "amount")}
    return OrderLine(**{**line, **exact, "serials": tuple(line["serials"])})


async def _one(session: AsyncSession, wanted: Select[Any]) -> CounterSale | None:
    row = (await session.execute(wanted)).mappings().one_or_none()
    return None if row is None else _sale(row)


def _sale(row: RowMapping) -> CounterSale:
    return CounterSale(**{**row, "lines": tuple(read(line) for line in row["lines"])})
