"""Find goods that left although nothing held them any more, and make them available first."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.reservations.domain.in_flight import is_held_by_nobody, made_available
from inventory.stock import store as books
from inventory.stock.domain import Movement

Line = TypeVar("Line")


async def find_in_flight(
    session: AsyncSession, moves: Sequence[tuple[Movement, Line]], at: datetime
) -> list[tuple[Movement, Line]]:
    """Return the movements, with what has to be done before some of them.

    All that moves is tried on books that are locked, as it will be booked, so that each line finds
    what those before it leave.
    """
    in_flight = [movement for movement, _ in moves if is_held_by_nobody(movement)]
    if not in_flight:
        return list(moves)
    opened = await books.open_books(session, {movement.place for movement, _ in moves})
    keys = {(one.place.item_id, serial_no) for one in in_flight for serial_no in one.serials}
    known = await books.find_serials(session, keys) if keys else {}
    found = list[tuple[Movement, Line]]()
    for movement, line in moves:
        steps = [movement]
        if is_held_by_nobody(movement):
            its_item = movement.place.item_id
            units = {number: one for (item, number), one in known.items() if item == its_item}
            steps[:0] = made_available(movement, opened.balances[movement.place], units, at)
        for step in steps:
            opened.book(step)
            found.append((step, line))
    return found
