"""Guard warehouses whose breaches last: what is set free there is frozen again at once."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices import store as devices
from inventory.documents.domain import BreachLasts, Move
from inventory.stock.domain import Status

NAMED = ("site_id", "warehouse_id", "breach_id", "device_id")


async def must_not_be_in_breach(session: AsyncSession, moves: Sequence[Move]) -> None:
    """Raise `BreachLasts` if frozen goods would be available where a breach lasts."""
    moving = [move.movement for move in moves]
    freed = {
        (one.place.site_id, one.place.warehouse_id)
        for one in moving
        if (one.source, one.target) == (Status.FROZEN, Status.AVAILABLE)
    }
    breach = await devices.lasting_breach(session, freed)
    if breach is not None:
        since = breach["outside_since"].isoformat()
        raise BreachLasts(**{name: breach[name] for name in NAMED}, outside_since=since)
