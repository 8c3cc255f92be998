"""Watch units named by number: where they are, and which of them are promised already."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.reservations import store
from inventory.reservations.domain.named_units import NamedUnits, named_by
from inventory.reservations.domain.reservation import Reservation
from inventory.stock import store as stock


async def watch_units(session: AsyncSession, wanted: Sequence[Reservation]) -> NamedUnits:
    """Return what is known of the units that orders name; nothing is asked if they name none.

    The balances they lie in are locked: nobody moves, freezes or promises one meanwhile.
    """
    keys = named_by(wanted)
    if not keys:
        return NamedUnits()
    places = {one.place_of(line) for one in wanted for line in one.lines if line.serials}
    return NamedUnits(
        await stock.find_serials(session, keys), await store.units_held(session, places)
    )
