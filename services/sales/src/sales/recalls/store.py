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
    Table,
    Text,
    any_,
    cast,
    func,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import LateralFromClause

from sales.database import Quantity
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

    @property
    def by_number(self) -> bool:
        """Tell whether units are meant, from one number to another, rather than batches."""
        return self.recall["first_serial"] is not None

    @property
    def quantity(self) -> ColumnElement[Any]:
        """Return how much of a line is meant."""
        return self._units_of(lines) if self.by_number else lines.c.quantity

    @property
    def serials(self) -> ColumnElement[Any]:
        """Return which units of a line are meant."""
        if not self.by_number:
            return lines.c.serials
        one = func.unnest(lines.c.serials).column_valued("one")
        return func.array(select(one).where(self._covers(one)).scalar_subquery())

    def came_back(self) -> LateralFromClause:
        """Return how much of what is meant of a line is back again; what was lost is not."""
        its_return = (returns.c.site_id == return_lines.c.site_id) & (
            returns.c.return_id == return_lines.c.return_id
        )
        quantity = self._units_of(return_lines) if self.by_number else return_lines.c.quantity
        return (
            select(func.coalesce(func.sum(quantity), 0).label("quantity"))
            .join_from(returns, return_lines, its_return)
            .where(
                returns.c.shipment_id == lines.c.shipment_id,
                returns.c.status.in_(DECIDED),
                returns.c.cause != ReturnCause.LOST,
                return_lines.c.shipment_line_no == lines.c.line_no,
            )
            .lateral()
        )

    def rule(self) -> ColumnElement[bool]:
        """Return what holds for the lines that are meant."""
        rule: ColumnElement[bool] = lines.c.item_id == self.recall["item_id"]
        # What the indexes are of is said as they have it.
        if self.by_number:
            rule &= (lines.c.serials != literal_column("'{}'::text[]")) & (
                self._units_of(lines) > 0
            )
        else:
            batches = any_(literal(self.recall["batches"], ARRAY(Text)))
            rule &= (lines.c.batch_id == batches) & (lines.c.batch_id != "")
        if self.sites is not None:
            rule &= lines.c.site_id.in_(self.sites)
        if self.customer_id is not None:
            rule &= orders.c.customer_id == self.customer_id
        return rule

    def _units_of(self, table: Table) -> ColumnElement[Any]:
        one = func.unnest(table.c.serials).column_valued("one")
        count = cast(func.count(one), Quantity)
        return select(count).where(self._covers(one)).correlate(table).scalar_subquery()

    def _covers(self, serial_no: ColumnElement[Any]) -> ColumnElement[bool]:
        """Compare the numbers in serial numbers as numbers, as inventory does."""
        first = func.serial_order(self.recall["first_serial"])
        return func.serial_order(serial_no).between(
            first, func.serial_order(self.recall["last_serial"])
        )


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
