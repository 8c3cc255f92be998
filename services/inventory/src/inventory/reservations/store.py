"""Loads and locks reservations, always before the balances they hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, select, text
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.reservations.domain.refusals import OrderAlreadyReserved, UnknownReservation
from inventory.reservations.domain.reservation import OPEN, Reservation, Status
from inventory.reservations.tables import IS_OPEN, reservation, reservation_line

NAMED_AT_MOST = 20
"""Holders and other places a refusal names for each item."""


async def add(session: AsyncSession, given: Reservation) -> None:
    """Add a reservation, whose order must have no other open one. Its lines come later.

    Done before any balance is locked: it may have to wait for another one of the same order.
    """
    table = reservation.c
    row = {column.name: getattr(given, column.name) for column in table}
    added = (
        insert(reservation)
        .values(row)
        .on_conflict_do_nothing(index_elements=["order_id"], index_where=IS_OPEN)
    )
    if await session.scalar(added.returning(table.order_id)) is None:
        of_order = select(table.reservation_id).where(
            table.order_id == given.order_id, table.status.in_(OPEN)
        )
        raise OrderAlreadyReserved(
            order_id=given.order_id, reservation_id=await session.scalar(of_order)
        )


async def add_lines(session: AsyncSession, given: Reservation) -> None:
    """Add the lines of a reservation that holds its stock."""
    rows = [
        {
            "site_id": given.site_id,
            "reservation_id": given.reservation_id,
            "line_no": line.line_no,
            "item_id": line.item_id,
            "warehouse_id": given.warehouse_id,
            "batch_id": line.batch_id,
            "quantity": line.quantity,
            "outstanding": line.outstanding,
        }
        for line in given.lines
    ]
    await session.execute(plain_insert(reservation_line), rows)


async def load(session: AsyncSession, reservation_id: UUID) -> Reservation:
    """Return a reservation, or raise `UnknownReservation`."""
    wanted = select(Reservation).where(reservation.c.reservation_id == reservation_id)
    return _known(await session.scalar(wanted), reservation_id)


async def lock(session: AsyncSession, reservation_id: UUID) -> Reservation:
    """Return a reservation, locked, or raise `UnknownReservation`."""
    return _known((await lock_all(session, [reservation_id])).get(reservation_id), reservation_id)


async def lock_all(
    session: AsyncSession, reservation_ids: Collection[UUID]
) -> dict[UUID, Reservation]:
    """Return those reservations that there are, locked in the order of their ids."""
    wanted = (
        select(Reservation)
        .where(reservation.c.reservation_id.in_(reservation_ids))
        .order_by(reservation.c.reservation_id)
        .with_for_update(key_share=True, of=reservation)
    )
    return {one.reservation_id: one for one in await session.scalars(wanted)}


async def lock_expired(session: AsyncSession, at: datetime, limit: int) -> Sequence[Reservation]:
    """Return unpaid reservations whose time is over, locked; those somebody works on are not."""
    wanted = (
        select(Reservation)
        .where(reservation.c.status == Status.HELD, reservation.c.expires_at <= at)
        .order_by(reservation.c.expires_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=reservation)
    )
    return (await session.scalars(wanted)).all()


def _known(found: Reservation | None, reservation_id: UUID) -> Reservation:
    if found is None:
        raise UnknownReservation(reservation_id=reservation_id)
    return found


@dataclass(frozen=True)
class Holder:
    """An order that holds some of an item."""

    order_id: UUID
    quantity: Decimal


@dataclass(frozen=True)
class OtherPlace:
    """A place that has some of an item available."""

    site_id: str
    warehouse_id: str
    available: Decimal


_HOLDERS = text("""
    select item_id, order_id, quantity
    from (
        select line.item_id, order_id, sum(outstanding) as quantity, row_number() over (
            partition by line.item_id order by sum(outstanding) desc, order_id) as rank
        from reservation_line as line join reservation using (site_id, reservation_id)
        where site_id = :site and line.warehouse_id = :warehouse and line.item_id = any(:items)
            and outstanding > 0
        group by line.item_id, order_id
    ) as holders
    where rank <= :most order by item_id, rank
""").bindparams(bindparam("items", type_=ARRAY(Text)))

# From the warehouses to their balances: an item is looked up by the whole key everywhere, which
# needs no index by item.
_ELSEWHERE = text("""
    select item_id, site_id, warehouse_id, available
    from (
        select item_id, site_id, warehouse_id, available, row_number() over (
            partition by item_id, site_id = :site
            order by available desc, site_id, warehouse_id) as rank
        from warehouse join stock_balance using (site_id, warehouse_id)
        cross join lateral (
            select on_hand - allocated - in_inspection - frozen as available) as figure
        where item_id = any(:items) and available > 0
            and (site_id, warehouse_id) <> (:site, :warehouse)
    ) as places
    where rank <= :most order by item_id, rank, site_id
""").bindparams(bindparam("items", type_=ARRAY(Text)))


async def holders(
    session: AsyncSession, wanted: Reservation, item_ids: Collection[str]
) -> dict[str, list[Holder]]:
    """Return, by item, the orders that hold most of it where it is wanted."""
    found: dict[str, list[Holder]] = {item_id: [] for item_id in item_ids}
    for row in await session.execute(_HOLDERS, _asked(wanted, item_ids)):
        found[row.item_id].append(Holder(row.order_id, row.quantity))
    return found


async def elsewhere(
    session: AsyncSession, wanted: Reservation, item_ids: Collection[str]
) -> dict[str, list[OtherPlace]]:
    """Return, by item, the other places that have most of it: in the site, and in other sites."""
    found: dict[str, list[OtherPlace]] = {item_id: [] for item_id in item_ids}
    for row in await session.execute(_ELSEWHERE, _asked(wanted, item_ids)):
        found[row.item_id].append(OtherPlace(row.site_id, row.warehouse_id, row.available))
    return found


def _asked(wanted: Reservation, item_ids: Collection[str]) -> dict[str, object]:
    return {
        "site": wanted.site_id,
        "warehouse": wanted.warehouse_id,
        "items": list(item_ids),
        "most": NAMED_AT_MOST,
    }
