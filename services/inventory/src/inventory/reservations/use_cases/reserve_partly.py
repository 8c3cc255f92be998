"""Reserve a part: of each line of an order as much as there is, and say what is short and why.

Asked for by itself, past the express lane: whoever wants all or nothing waits for none of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.reservations import store
from inventory.reservations.domain.assortment import Wanted
from inventory.reservations.domain.partial import hold_what_there_is
from inventory.reservations.domain.refusals import OrderAlreadyReserved
from inventory.reservations.domain.reservation import Reservation
from inventory.reservations.use_cases.explain_shortage import refusal_of, tell_shortages
from inventory.reservations.use_cases.propose_batches import propose_batches
from inventory.reservations.use_cases.reserve_stock import keep_reservations
from inventory.reservations.use_cases.understand_orders import understand_orders
from inventory.reservations.use_cases.watch_units import watch_units
from inventory.stock import store as books
from servicekit.errors import Refusal


@dataclass(frozen=True)
class PartlyReserved:
    """What is held of an order, and what a refusal would say of the lines that are short."""

    reservation: Reservation
    shortages: Sequence[dict[str, object]]


async def reserve_partly(session: AsyncSession, wanted: Wanted) -> PartlyReserved | Refusal:
    """Return what is held, or why nothing is: an order that gets nothing is refused as ever."""
    (end,), assortment = await understand_orders(session, [wanted])
    if not isinstance(end, Reservation):
        await propose_batches(session, [(wanted, end)], assortment)
        return end
    taken = await store.open_of(session, [end.order_id])
    balances = await books.lock_balances(session, set(end.places))
    if holder := taken.get(end.order_id):
        return OrderAlreadyReserved(order_id=end.order_id, reservation_id=holder)
    named = (await watch_units(session, [end])).free(end)
    lines, short = hold_what_there_is((assortment, wanted), end, balances, named)
    told = await tell_shortages(session, end, short)
    if not lines:
        return refusal_of(end, told)
    end.lines = lines
    for line in lines:
        balances[end.place_of(line)].allocate(line.quantity)
    await keep_reservations(session, [end], balances)
    return PartlyReserved(end, told)
