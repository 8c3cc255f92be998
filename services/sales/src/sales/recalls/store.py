"""Reads and writes recalls and notices, and says which deliveries a recall is about."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    RowMapping,
    Select,
    Text,
    any_,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import LateralFromClause

from sales.orders.tables import sales_orders as orders
from sales.recalls.domain import Notice, UnknownRecall
from sales.recalls.tables import notices, recalls
from sales.returns.domain.states import DECIDED, ReturnCause
from sales.returns.tables import return_lines, returns
from sales.shipments.tables import shipment_lines as lines
from sales.shipments.tables import shipments


@dataclass(frozen=True)
class Affected:
    """Which deliveries are meant: those of a recall, at some sites, perhaps to one customer."""

    recall: RowMapping
    sites: Collection[str] | None
    customer_id: str | None = None

    def rule(self) -> ColumnElement[bool]:
        """Return what holds for the lines that are meant."""
        batches = any_(literal(self.recall["batches"], ARRAY(Text)))
        rule: ColumnElement[bool] = (lines.c.item_id == self.recall["item_id"]) & (
            lines.c.batch_id == batches
        )
        # Said once more as the index has it, which leaves out what has no batch.
        rule &= lines.c.batch_id != ""
        if self.sites is not None:
            rule &= lines.c.site_id.in_(self.sites)
        if self.customer_id is not None:
            rule &= orders.c.customer_id == self.customer_id
        return rule


async def recall_of(session: AsyncSession, recall_id: UUID) -> RowMapping:
    """Return a recall, or raise."""
    rows = await session.execute(select(recalls).where(recalls.c.recall_id == recall_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownRecall(recall_id=recall_id)
    return found


async def got_any(session: AsyncSession, affected: Affected) -> bool:
    """Return whether anything was delivered of what is meant."""
    found = await session.execute(deliveries(affected, lines.c.line_no).limit(1))
    return found.first() is not None


def came_back() -> LateralFromClause:
    """Return how much of a delivered line is back again; what was lost is not."""
    its_return = (returns.c.site_id == return_lines.c.site_id) & (
        returns.c.return_id == return_lines.c.return_id
    )
    return (
        select(func.coalesce(func.sum(return_lines.c.quantity), 0).label("quantity"))
        .join_from(returns, return_lines, its_return)
        .where(
            returns.c.shipment_id == lines.c.shipment_id,
            returns.c.status.in_(DECIDED),
            returns.c.cause != ReturnCause.LOST,
            return_lines.c.shipment_line_no == lines.c.line_no,
        )
        .lateral()
    )


def deliveries(affected: Affected, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return a query for columns of the lines that are meant, their shipments and orders."""
    its_shipment = (shipments.c.site_id == lines.c.site_id) & (
        shipments.c.shipment_id == lines.c.shipment_id
    )
    its_order = (orders.c.site_id == shipments.c.site_id) & (
        orders.c.order_id == shipments.c.order_id
    )
    return (
        select(*columns)
        .select_from(lines)
        .join(shipments, its_shipment)
        .join(orders, its_order)
        .where(affected.rule())
    )


async def put(session: AsyncSession, recall: dict[str, Any]) -> None:
    """Keep a recall that was ordered; one that is known stays as it is."""
    await session.execute(insert(recalls).values(recall).on_conflict_do_nothing())


async def close(session: AsyncSession, recall_id: UUID, change: dict[str, Any]) -> None:
    """Note that a recall has ended."""
    await session.execute(update(recalls).where(recalls.c.recall_id == recall_id).values(change))


async def add_notice(session: AsyncSession, notice: Notice) -> None:
    """Write down that a customer was told."""
    await session.execute(insert(notices).values(asdict(notice)))
