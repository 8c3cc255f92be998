"""Reads and writes reservations in sets; what is to be changed is locked in the order of ids."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Select, Text, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.driver import fetch
from inventory.reservations.domain.refusals import OrderAlreadyReserved, UnknownReservation
from inventory.reservations.domain.reservation import Reservation, ReservedLine, Status
from inventory.reservations.tables import reservation, reservation_line
from inventory.stock.domain import Place, SerialKey
from inventory.stock.tables import LineQuantity
from servicekit.columns import Kind, statement
from servicekit.tables import Moment

BETWEEN_SERIALS = "\x1f"
"""A character that no serial number has."""
COLUMNS: dict[str, Kind] = {
    **dict.fromkeys(("ids", "line_ids", "orders", "shipments"), Uuid),
    **dict.fromkeys(("moments", "ends"), Moment),
    **dict.fromkeys(("numbers", "unit_versions", "kit_lines"), Integer),
    **dict.fromkeys(("quantities", "unit_quantities"), LineQuantity),
    **dict.fromkeys(("sites", "warehouses", "items", "batches"), Text),
    **dict.fromkeys(("line_sites", "line_warehouses"), Text),
    **dict.fromkeys(("serials", "units", "kits", "statuses", "reasons"), Text),
}
_over = partial(statement, vocabulary=COLUMNS)


# Not a join: begun from the wrong side, while the table is small, it would read all there is.
_OPEN_OF = _over("""
    select order_id, reservation_id from reservation
    where order_id = any (:orders) and status in ('held', 'confirmed')
""")
# Heads and lines at one stroke. Where an order already has a reservation, there are lines too: the
# transaction is undone then.
_ADD = _over("""
    with lines as (
        insert into reservation_line (site_id, reservation_id, line_no, item_id, warehouse_id,
            batch_id, quantity, outstanding)
        select site, id, number, item, warehouse, batch, quantity, quantity
        from unnest(:line_sites, :line_ids, :numbers, :items, :line_warehouses, :batches,
                :quantities)
            as made (site, id, number, item, warehouse, batch, quantity)
    )
    insert into reservation
        (site_id, reservation_id, order_id, warehouse_id, reserved_at, expires_at, status)
    select site, id, order_of, warehouse, at, until, status
    from unnest(:sites, :ids, :orders, :warehouses, :moments, :ends, :statuses)
        as made (site, id, order_of, warehouse, at, until, status)
    order by order_of
    on conflict (order_id) where status in ('held', 'confirmed') do nothing
    returning order_id
""")
_DESCRIBE_LINES = _over("""
    update reservation_line as line
    set serials = string_to_array(made.serials, chr(31)), unit = made.unit,
        unit_quantity = made.unit_quantity, unit_version = made.unit_version,
        kit_item_id = made.kit, kit_line_no = made.kit_line
    from unnest(:sites, :ids, :numbers, :serials, :units, :unit_quantities, :unit_versions,
            :kits, :kit_lines)
        as made (site, id, number, serials, unit, unit_quantity, unit_version, kit, kit_line)
    where site_id = site and reservation_id = id and line_no = number
""")
_SAVE = _over("""
    update reservation as kept
    set status = changed.status, reason = changed.reason, shipment_id = changed.shipment
    from unnest(:sites, :ids, :statuses, :reasons, :shipments)
        as changed (site, id, status, reason, shipment)
    where site_id = site and reservation_id = id
""")
_TAKE_OFF = _over("""
    update reservation_line as line
    set outstanding = changed.outstanding, serials = string_to_array(changed.serials, chr(31))
    from unnest(:sites, :ids, :numbers, :quantities, :serials)
        as changed (site, id, number, outstanding, serials)
    where site_id = site and reservation_id = id and line_no = number
""")
_LET_GO = _over("""
    update reservation_line set outstanding = 0
    from unnest(:sites, :ids) as changed (site, id)
    where site_id = site and reservation_id = id and outstanding > 0
""")


_UNITS_HELD = _over("""
    select item_id, unnest(serials) as serial_no, order_id from reservation_line as line
    join reservation using (site_id, reservation_id)
    join unnest(:sites, :items, :warehouses, :batches) as asked (site, item, warehouse, batch)
        on site_id = site and item_id = item and line.warehouse_id = warehouse
        and batch_id = batch
    where outstanding > 0 and serials is not null
""")


async def open_of(session: AsyncSession, orders: Collection[UUID]) -> dict[UUID, UUID]:
    """Return those of the orders that have an open reservation, and which."""
    rows = await fetch(session, _OPEN_OF, {"orders": list(orders)})
    return {row["order_id"]: row["reservation_id"] for row in rows}


async def add(session: AsyncSession, made: Sequence[Reservation]) -> None:
    """Add reservations, whose orders had no other open one before the balances were locked.

    Raises `OrderAlreadyReserved` where somebody was quicker; the one transaction undoes the rest.
    """
    lines = [(one, line) for one in made for line in one.lines]
    given = _columns(made) | _line_columns(lines)
    given |= {
        "orders": [one.order_id for one in made],
        "warehouses": [one.warehouse_id for one in made],
        "moments": [one.reserved_at for one in made],
        "ends": [one.expires_at for one in made],
        "statuses": [one.status.value for one in made],
    }
    added = {row["order_id"] for row in await fetch(session, _ADD, given)}
    for one in made:
        if one.order_id not in added:
            others = await open_of(session, [one.order_id])
            raise OrderAlreadyReserved(
                order_id=one.order_id, reservation_id=others.get(one.order_id)
            )
    if described := [(one, line) for one, line in lines if line.is_described]:
        await session.execute(_DESCRIBE_LINES, _descriptions(described))


def _columns(given: Iterable[Reservation]) -> dict[str, list[Any]]:
    every = list(given)
    return {
        "sites": [one.site_id for one in every],
        "ids": [one.reservation_id for one in every],
    }


def _line_columns(lines: Sequence[tuple[Reservation, ReservedLine]]) -> dict[str, list[Any]]:
    texts = {one.reservation_id: str(one.reservation_id) for one, _ in lines}
    return {
        "line_sites": [one.site_id for one, _ in lines],
        "line_ids": [texts[one.reservation_id] for one, _ in lines],
        "line_warehouses": [one.warehouse_id for one, _ in lines],
        "numbers": [line.line_no for _, line in lines],
        "items": [line.item_id for _, line in lines],
        "batches": [line.batch_id for _, line in lines],
        "quantities": [line.quantity for _, line in lines],
    }


def _descriptions(lines: Sequence[tuple[Reservation, ReservedLine]]) -> dict[str, list[Any]]:
    return _columns(one for one, _ in lines) | {
        "numbers": [line.line_no for _, line in lines],
        "serials": [BETWEEN_SERIALS.join(line.serials) or None for _, line in lines],
        "units": [line.unit for _, line in lines],
        "unit_quantities": [line.unit_quantity for _, line in lines],
        "unit_versions": [line.unit_version for _, line in lines],
        "kits": [line.kit_item_id for _, line in lines],
        "kit_lines": [line.kit_line_no for _, line in lines],
    }


async def save(session: AsyncSession, changed: Collection[Reservation]) -> None:
    """Write back locked reservations; those that ended hold nothing any more."""
    if not changed:
        return
    given = _columns(changed) | {
        "statuses": [one.status.value for one in changed],
        "reasons": [one.reason and one.reason.value for one in changed],
        "shipments": [one.shipment_id for one in changed],
    }
    await session.execute(_SAVE, given)
    if ended := [one for one in changed if not one.is_open]:
        await session.execute(_LET_GO, _columns(ended))


async def take_off(session: AsyncSession, changed: Iterable[Reservation]) -> None:
    """Write back what the lines of locked reservations hold after a part of it has left."""
    lines = [(one, line) for one in changed for line in one.lines]
    if lines:
        given = _columns(one for one, _ in lines) | {
            "numbers": [line.line_no for _, line in lines],
            "quantities": [line.outstanding for _, line in lines],
            "serials": [BETWEEN_SERIALS.join(line.serials) or None for _, line in lines],
        }
        await session.execute(_TAKE_OFF, given)


async def units_held(session: AsyncSession, places: Collection[Place]) -> dict[SerialKey, UUID]:
    """Return the orders that hold units by their numbers, of the goods at these places."""
    given = {
        "sites": [place.site_id for place in places],
        "items": [place.item_id for place in places],
        "warehouses": [place.warehouse_id for place in places],
        "batches": [place.batch_id for place in places],
    }
    rows = await session.execute(_UNITS_HELD, given)
    return {(row.item_id, row.serial_no): row.order_id for row in rows}


async def load(session: AsyncSession, reservation_id: UUID) -> Reservation:
    """Return a reservation, or raise `UnknownReservation`."""
    wanted = select(reservation).where(reservation.c.reservation_id == reservation_id)
    return _known(await _found(session, wanted), reservation_id)


async def lock(session: AsyncSession, reservation_id: UUID) -> Reservation:
    """Return a reservation, locked, or raise `UnknownReservation`."""
    return _known((await lock_all(session, [reservation_id])).values(), reservation_id)


async def lock_all(
    session: AsyncSession, reservation_ids: Collection[UUID]
) -> dict[UUID, Reservation]:
    """Return those reservations that there are, locked in the order of their ids."""
    wanted = (
        select(reservation)
        .where(reservation.c.reservation_id.in_(reservation_ids))
        .order_by(reservation.c.reservation_id)
        .with_for_update(key_share=True)
    )
    return {one.reservation_id: one for one in await _found(session, wanted)}


async def lock_expired(session: AsyncSession, at: datetime, limit: int) -> Sequence[Reservation]:
    """Return unpaid reservations whose time is over, locked; those somebody works on are not."""
    wanted = (
        select(reservation)
        .where(reservation.c.status == Status.HELD, reservation.c.expires_at <= at)
        .order_by(reservation.c.expires_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return await _found(session, wanted)


async def _found(session: AsyncSession, wanted: Select[Any]) -> list[Reservation]:
    rows = (await session.execute(wanted)).mappings()
    found = {row["reservation_id"]: Reservation(**row) for row in rows}
    if found:
        for line in (await session.execute(_lines_of(found.values()))).mappings():
            details = {name: line[name] for name in ReservedLine.__slots__}
            details["serials"] = tuple(line["serials"] or ())
            found[line["reservation_id"]].lines.append(ReservedLine(**details))
    return list(found.values())


def _lines_of(found: Collection[Reservation]) -> Select[Any]:
    line = reservation_line.c
    sites = literal(sorted({one.site_id for one in found}), ARRAY(Text))
    ids = literal([one.reservation_id for one in found], ARRAY(Uuid))
    wanted = select(reservation_line).where(
        line.site_id == any_(sites), line.reservation_id == any_(ids)
    )
    return wanted.order_by(line.reservation_id, line.line_no)


def _known(found: Iterable[Reservation], reservation_id: UUID) -> Reservation:
    for one in found:
        return one
    raise UnknownReservation(reservation_id=reservation_id)
