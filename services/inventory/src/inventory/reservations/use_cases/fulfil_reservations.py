"""Fulfil reservations: their goods have left with a shipment, all at once or in parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationFulfilled, StockFact, StockShipped, StockStatusChanged
from contracts.sales import ShipmentPosted, SoldLine
from inventory.catalog import store as catalog
from inventory.catalog.domain import Tracking
from inventory.reservations import store
from inventory.reservations.domain.in_flight import as_it_was, held_by_nobody, was_let_go
from inventory.reservations.domain.parts import Part, fulfil_part
from inventory.reservations.domain.refusals import UnknownReservation
from inventory.reservations.domain.reservation import Goods, Reservation, ReservedLine
from inventory.stock.domain import Document, Entry, Kind, Movement, Place
from servicekit import outbox


async def fulfil_reservations(
    session: AsyncSession, shipments: Sequence[ShipmentPosted], at: datetime
) -> list[tuple[Movement, ShipmentPosted]]:
    """Return what moves with shipments that were never booked, whose reservations end here.

    Those that a recall or a person ended before stay so: what left with them is held by nobody.
    """
    locked = await store.lock_all(session, {one.reservation_id for one in shipments})
    let_go = {key: one for key, one in locked.items() if was_let_go(one)}
    held = locked | {key: as_it_was(one) for key, one in let_go.items()}
    for shipment in shipments:
        if shipment.reservation_id not in held:
            raise UnknownReservation(reservation_id=shipment.reservation_id)
        _take(held[shipment.reservation_id], shipment)
    await _must_name_units(session, _unnamed(shipments, held))
    kept = [one for key, one in locked.items() if key not in let_go]
    await store.save(session, kept)
    await store.take_off(session, [one for one in kept if one.is_open])
    await store.keep_shipments(session, [_of_order(one) for one in shipments])
    ended = {one.shipment_id for one in kept if not one.is_open}
    await outbox.add(
        session, [_fulfilled(one, at) for one in shipments if one.shipment_id in ended]
    )
    return [
        (held_by_nobody(movement, let_go[key]) if key in let_go else movement, one)
        for key, one in ((one.reservation_id, one) for one in shipments)
        for movement in _movements(one, held[key])
    ]


def _take(held: Reservation, shipment: ShipmentPosted) -> None:
    if shipment.in_parts:
        parts = [
            Part(line.line_no, (line.item_id, line.batch_id), line.quantity, line.serials)
            for line in shipment.lines
        ]
        fulfil_part(held, shipment.shipment_id, shipment.warehouse_id, parts)
        return
    held.fulfil(
        shipment.shipment_id,
        shipment.warehouse_id,
        [((line.item_id, line.batch_id), line.quantity) for line in shipment.lines],
        _named_by(shipment),
    )


def _of_order(shipment: ShipmentPosted) -> store.OrderShipment:
    return store.OrderShipment(
        shipment.shipment_id, shipment.site_id, shipment.order_id, shipment.reservation_id
    )


def _unnamed(
    shipments: Sequence[ShipmentPosted], held: Mapping[UUID, Reservation]
) -> list[ReservedLine | SoldLine]:
    """Return the lines that leave without naming units."""
    leaving = list[ReservedLine | SoldLine]()
    for one in shipments:
        leaving += one.lines if one.in_parts else held[one.reservation_id].lines
    return [line for line in leaving if not line.serials]


def _named_by(shipment: ShipmentPosted) -> dict[Goods, list[str]]:
    named = dict[Goods, list[str]]()
    for line in shipment.lines:
        if line.serials:
            named.setdefault((line.item_id, line.batch_id), []).extend(line.serials)
    return named


async def _must_name_units(
    session: AsyncSession, unnamed: Sequence[ReservedLine | SoldLine]
) -> None:
    """Raise `SerialsMissing` where units leave unnamed, which only were not when they were held."""
    items = await catalog.find_items(session, {line.item_id for line in unnamed})
    for line in unnamed:
        item = items.get(line.item_id)
        if item is not None and item.tracking is Tracking.SERIAL:
            item.must_be_named(line.batch_id, line.serials, line.quantity)


def _movements(shipment: ShipmentPosted, held: Reservation) -> Iterator[Movement]:
    """Move what was held: where kits or other units were sold, that is not what was shipped."""
    document = Document(
        shipment.shipment_id,
        shipment.number,
        shipment.shipped_at,
        shipment.posted_at,
        shipment.posted_by,
        shipment.device_id,
    )
    as_held = not shipment.in_parts and any(line.is_described for line in held.lines)
    for line in held.lines if as_held else shipment.lines:
        place = Place(shipment.site_id, line.item_id, shipment.warehouse_id, line.batch_id)
        movement = Movement.shipment(place, line.quantity, document, line.line_no)
        if line.serials:
            movement = replace(movement, serials=line.serials)
        yield movement


def fact_of_shipment(entry: Entry, shipment: ShipmentPosted) -> StockFact:
    """Return what an entry of a shipment says: goods left, or were made available to leave."""
    movement = entry.movement
    said = {
        "site_id": shipment.site_id,
        "item_id": movement.place.item_id,
        "batch_id": movement.place.batch_id,
        "sequence": entry.sequence,
        "warehouse_id": shipment.warehouse_id,
        "quantity": movement.quantity,
        "document_id": shipment.shipment_id,
        "document_number": shipment.number,
        "line_no": movement.line_no,
        "effective_at": shipment.shipped_at,
        "posted_at": movement.document.posted_at,
        "user_id": shipment.posted_by,
        "device_id": shipment.device_id,
    }
    if movement.kind is Kind.STATUS:
        return StockStatusChanged(
            **said, source=movement.source, target=movement.target, serials=movement.serials
        )
    return StockShipped(**said, order_id=shipment.order_id)


def _fulfilled(shipment: ShipmentPosted, at: datetime) -> ReservationFulfilled:
    return ReservationFulfilled(
        reservation_id=shipment.reservation_id,
        order_id=shipment.order_id,
        site_id=shipment.site_id,
        at=at,
        shipment_id=shipment.shipment_id,
    )
