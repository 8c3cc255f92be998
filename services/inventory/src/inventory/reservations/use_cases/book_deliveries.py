"""Book deliveries: what left with shipments, and what came back of them.

Both are on one topic, a return behind its shipment; a batch of them goes over the books once, so
that all rows are locked in one order.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReturnBooked, StockFact
from contracts.sales import CustomerReturnPosted, ShipmentPosted
from inventory.reservations import store as reservations
from inventory.reservations.domain.refusals import ReturnUnexplained
from inventory.reservations.use_cases.find_in_flight import find_in_flight
from inventory.reservations.use_cases.fulfil_reservations import (
    fact_of_shipment,
    fulfil_reservations,
)
from inventory.stock import store as books
from inventory.stock.domain import Entry, Movement
from inventory.stock.use_cases.book_movements import book_movements
from inventory.stock.use_cases.take_back import Returned, fact_of_return, movements_of
from servicekit import outbox
from servicekit.clock import now

Moved = ShipmentPosted | Returned


async def book_deliveries(
    session: AsyncSession,
    posted: Sequence[ShipmentPosted],
    returned: Sequence[CustomerReturnPosted],
) -> None:
    """Book a batch of shipments and returns; one that was booked before is passed over."""
    at = now()
    given = {one.shipment_id: one for one in posted}
    back = {one.return_id: one for one in returned}
    fresh = await books.admit_documents(session, {*given, *back}, at)
    shipments = [one for one in given.values() if one.shipment_id in fresh]
    returns = [one for one in back.values() if one.return_id in fresh]
    left = await fulfil_reservations(session, shipments, at)
    known = await books.shipped_entries(session, {one.shipment_id for one in returns})
    moves: list[tuple[Movement, Moved]] = [*left, *movements_of(returns)]
    moves = await find_in_flight(session, moves, at)
    telling = _Telling(known)
    await book_movements(session, moves, telling.fact_of)
    await reservations.keep_returns(session, telling.came_back)
    await outbox.add(
        session,
        [
            ReturnBooked(return_id=one.return_id, site_id=one.site_id, booked_at=at)
            for one in returns
        ],
    )


class _Telling:
    """Says each entry to the world; a return names the entry by which its goods had left."""

    def __init__(self, known: Mapping[books.DocumentLine, int]) -> None:
        self._left_by = dict(known)
        self.came_back: list[reservations.CameBack] = []
        """Which of the entries are of returns, and by which ones their goods had left."""

    def fact_of(self, entry: Entry, line: Moved) -> StockFact:
        """Return the fact; shipments of the batch come before what came back of them."""
        movement = entry.movement
        if isinstance(line, ShipmentPosted):
            key = line.shipment_id, movement.place.item_id, movement.line_no
            self._left_by[key] = entry.sequence
            return fact_of_shipment(entry, line)
        one, back = line
        left_by = self._left_by.get((one.shipment_id, back.item_id, back.shipment_line_no))
        if left_by is None:
            raise ReturnUnexplained(
                number=one.number, line_no=back.line_no, shipment=one.shipment_number
            )
        stream = movement.place.stream
        self.came_back.append(reservations.CameBack(*stream, entry.sequence, left_by))
        return fact_of_return(entry, line, left_by)
