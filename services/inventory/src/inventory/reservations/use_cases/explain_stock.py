"""Explain stock: why something can or can't be shipped, before anybody tries."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.reservations import store
from inventory.reservations.domain.assortment import Wanted
from inventory.reservations.domain.reservation import Reservation
from inventory.reservations.domain.shortage import drawn
from inventory.reservations.use_cases.explain_shortage import look_around
from inventory.reservations.use_cases.propose_batches import propose_batches
from inventory.reservations.use_cases.understand_orders import understand_orders
from servicekit.errors import Refusal


@dataclass(frozen=True)
class Explanation:
    """What a reservation would come to just now."""

    can_ship: bool
    refusal: Refusal | None
    """Why nothing could be promised whatever the stock, if so."""
    lines: Sequence[dict[str, object]]
    """Of each line, or component of a kit, the same as a refusal says of a short one."""


async def explain_stock(session: AsyncSession, wanted: Wanted) -> Explanation:
    """Return what there is to know; nothing is locked, so it may be otherwise a moment later."""
    (end,) = await understand_orders(session, [wanted])
    if not isinstance(end, Reservation):
        await propose_batches(session, [(wanted, end)])
        return Explanation(can_ship=False, refusal=end, lines=[])
    balances = await store.read_balances(session, set(end.places))
    around = await look_around(session, set(end.places))
    lines = drawn(end, balances)
    return Explanation(
        can_ship=not any(line.short for line in lines),
        refusal=None,
        lines=[around.told(line, place) for line, place in zip(lines, end.places, strict=True)],
    )
