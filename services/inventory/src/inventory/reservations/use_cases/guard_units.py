"""Guard units that are promised by their numbers: nothing but their order's shipment takes them."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.reservations import store
from inventory.reservations.domain.refusals import SerialHeld
from inventory.stock import store as books
from inventory.stock.domain import STATE_OF, Movement, SerialState


async def must_not_be_promised(session: AsyncSession, moves: Sequence[Movement]) -> None:
    """Raise `SerialHeld` for the first unit on the shelf that movements take from an order.

    Who names no units is asked nothing. All that moves is locked first, as it is for booking: who
    promises a unit waits for that lock, and finds it gone.
    """
    taken = [
        one
        for one in moves
        if one.serials and one.source is not None and STATE_OF[one.source] is SerialState.IN_STOCK
    ]
    if not taken:
        return
    await books.open_books(session, {one.place for one in moves})
    held = await store.units_held(session, {one.place for one in taken})
    for one in taken:
        for serial_no in one.serials:
            if order_id := held.get((one.place.item_id, serial_no)):
                raise SerialHeld(item_id=one.place.item_id, serial_no=serial_no, order_id=order_id)
