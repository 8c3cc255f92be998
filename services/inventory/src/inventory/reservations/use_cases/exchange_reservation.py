"""Exchange a reservation: its order wants other goods, and holds those instead or keeps its own.

What is let go of and what is held change hands in one transaction, under one lock of all their
balances, so nobody comes between and a refusal leaves everything as it was.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.reservations.domain.assortment import Wanted, WantedLine
from inventory.reservations.domain.exchanging import must_be_exchangeable
from inventory.reservations.domain.reservation import Reason, Reservation, Status
from inventory.reservations.domain.shortage import promise
from inventory.reservations.use_cases.explain_shortage import explain_shortages
from inventory.reservations.use_cases.propose_batches import propose_batches
from inventory.reservations.use_cases.release_reservations import release_reservations
from inventory.reservations.use_cases.reserve_stock import keep_reservations
from inventory.reservations.use_cases.understand_orders import understand_orders
from inventory.reservations.use_cases.watch_units import watch_units
from inventory.stock import store as books
from servicekit.clock import now
from servicekit.errors import Refusal


async def exchange_reservation(
    session: AsyncSession, held: Reservation, lines: Sequence[WantedLine]
) -> Reservation | Refusal:
    """Return what is held instead of a locked reservation, until the same moment, or why not.

    What was held for good, for it is paid for, goes on to be, and what stays of it was sold before:
    whether it might be sold today is no matter. A refusal has to undo the
    transaction. What the order held counts as available to it.
    """
    must_be_exchangeable(held, now())
    paid = held.status is Status.CONFIRMED
    wanted = Wanted(
        order_id=held.order_id,
        site_id=held.site_id,
        warehouse_id=held.warehouse_id,
        time_to_live=timedelta(0),
        lines=lines,
        is_paid=paid,
        kept=held.lines if paid else (),
    )
    (end,), assortment = await understand_orders(session, [wanted])
    if not isinstance(end, Reservation):
        await propose_batches(session, [(wanted, end)], assortment)
        return end
    end.expires_at = held.expires_at
    await books.lock_balances(session, {*held.places, *end.places})
    # Read again under the locks: who waited for them past the end is late.
    must_be_exchangeable(held, now())
    await release_reservations(session, [held], Reason.EXCHANGED)
    balances = await books.lock_balances(session, set(end.places))
    if refusal := (await watch_units(session, [end])).why_not(end):
        return refusal
    if not promise(end, balances):
        return (await explain_shortages(session, [end], balances))[id(end)]
    await keep_reservations(session, [end], balances)
    return end
