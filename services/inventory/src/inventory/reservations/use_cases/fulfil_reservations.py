"""Fulfil reservations: their goods have left with a shipment."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationFulfilled, StockShipped
from contracts.sales import ShipmentPosted
from inventory.reservations import store
from inventory.reservations.domain.refusals import UnknownReservation
from inventory.reservations.domain.reservation import Reservation, ReservedLine
from inventory.stock import store as books
from inventory.stock.domain import Document, Entry, Movement, Place
from inventory.stock.use_cases.book_movements import book_movements
from servicekit import outbox
from servicekit.clock import now


async def fulfil_reservations(session: AsyncSession, posted: Sequence[ShipmentPosted]) -> None:
    """Book a batch of posted shipments; one that was booked before is passed over."""
    at = now()
    unbooked = {shipment.shipment_id: shipment for shipment in posted}
    fresh = await books.admit_documents(session, unbooked, at)
    shipments = [one for one in unbooked.values() if one.shipment_id in fresh]
    held = await store.lock_all(session, {one.reservation_id for one in shipments})
    for shipment in shipments:
        if shipment.reservation_id not in held:
            raise UnknownReservation(reservation_id=shipment.reservation_id)
        held[shipment.reservation_id].fulfil(
            shipment.shipment_id,
            shipment.warehouse_id,
            [((line.item_id, line.batch_id), line.quantity) for line in shipment.lines],
        )
    await store.save(session, [held[one.reservation_id] for one in shipments])
    moves = [move for one in shipments for move in _movements(one, held[one.reservation_id])]
    await book_movements(session, moves, _shipped)
    await outbox.add(session, [_fulfilled(shipment, at) for shipment in shipments])


def _movements(
    shipment: ShipmentPosted, held: Reservation
) -> Iterator[tuple[Movement, ShipmentPosted]]:
    """Move what was held: where kits or other units were sold, that is not what was shipped."""
    document = Document(
        shipment.shipment_id,
        shipment.number,
        shipment.shipped_at,
        shipment.posted_at,
        shipment.posted_by,
    )
    as_held = any(line.is_described for line in held.lines)
    for line in held.lines if as_held else shipment.lines:
        place = Place(shipment.site_id, line.item_id, shipment.warehouse_id, line.batch_id)
        movement = Movement.shipment(place, line.quantity, document, line.line_no)
        if isinstance(line, ReservedLine) and line.serials:
            movement = replace(movement, serials=line.serials)
        yield movement, shipment


def _shipped(entry: Entry, shipment: ShipmentPosted) -> StockShipped:
    movement = entry.movement
    return StockShipped(
        site_id=shipment.site_id,
        item_id=movement.place.item_id,
        batch_id=movement.place.batch_id,
        sequence=entry.sequence,
        warehouse_id=shipment.warehouse_id,
        quantity=movement.quantity,
        document_id=shipment.shipment_id,
        document_number=shipment.number,
        line_no=movement.line_no,
        effective_at=shipment.shipped_at,
        posted_at=shipment.posted_at,
        user_id=shipment.posted_by,
        order_id=shipment.order_id,
    )


def _fulfilled(shipment: ShipmentPosted, at: datetime) -> ReservationFulfilled:
    return ReservationFulfilled(
        reservation_id=shipment.reservation_id,
        order_id=shipment.order_id,
        site_id=shipment.site_id,
        at=at,
        shipment_id=shipment.shipment_id,
    )
