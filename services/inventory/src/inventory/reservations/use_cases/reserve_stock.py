"""Reserve stock for orders: each gets all its lines or none, many orders in one go."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import ReservationConfirmed
from inventory.driver import fetch
from inventory.reservations import store
from inventory.reservations.domain.assortment import Assortment, Wanted
from inventory.reservations.domain.refusals import OrderAlreadyReserved
from inventory.reservations.domain.reservation import Reservation, Status
from inventory.reservations.domain.shortage import promise
from inventory.reservations.use_cases.explain_shortage import explain_shortages
from inventory.reservations.use_cases.propose_batches import propose_batches
from inventory.reservations.use_cases.tell_reserved import tell_reserved
from inventory.reservations.use_cases.understand_orders import find_strangers, understand_lines
from inventory.reservations.use_cases.watch_units import watch_units
from inventory.stock import store as books
from inventory.stock.domain import Balance, Place
from servicekit import outbox
from servicekit.errors import Refusal

Balances = dict[Place, Balance]


async def reserve_stock(
    session: AsyncSession,
    orders: Sequence[Wanted],
    traceparents: Sequence[str | None] | None = None,
) -> list[Reservation | Refusal]:
    """Return of each order its reservation, or why there is none.

    Orders get their turn as they came. Existing reservations are only looked at, balances are
    locked once and in their order, and everything is written at the end.
    """
    ends, assortment = await understand_lines(session, orders)
    wanted = [one for one in ends if isinstance(one, Reservation)]
    taken = await store.open_of(session, [one.order_id for one in wanted])
    balances = await books.lock_balances(session, {p for one in wanted for p in one.places})
    units = await watch_units(session, wanted)
    made = list[Reservation]()
    for number, end in enumerate(ends):
        if not isinstance(end, Reservation):
            continue
        if holder := taken.get(end.order_id):
            ends[number] = OrderAlreadyReserved(order_id=end.order_id, reservation_id=holder)
        elif refusal := units.why_not(end):
            ends[number] = refusal
        elif promise(end, balances):
            taken[end.order_id] = end.reservation_id
            units.hold(end)
            made.append(end)
    traces = dict(zip(map(id, ends), traceparents or (), strict=bool(traceparents)))
    of_each = [traces.get(id(one)) for one in made] if traces else None
    await keep_reservations(session, made, balances, of_each)
    if len(made) < len(orders):
        kept = {id(one) for one in made}
        turns = [(o, e) for o, e in zip(orders, ends, strict=True) if id(e) not in kept]
        reasons = await _why_not(session, turns, assortment, balances)
        ends = [reasons.get(id(end), end) for end in ends]
    return ends


async def _why_not(
    session: AsyncSession,
    left_out: Sequence[tuple[Wanted, Reservation | Refusal]],
    assortment: Assortment,
    balances: Balances,
) -> dict[int, Refusal]:
    """Return why each of the orders got nothing, by what it came to."""
    strangers = await find_strangers(session, [one for one, _ in left_out])
    known = [(one, end) for one, end in left_out if one.place not in strangers]
    reasons = {id(end): strangers[one.place] for one, end in left_out if one.place in strangers}
    refused = [(one, end) for one, end in known if isinstance(end, Refusal)]
    await propose_batches(session, refused, assortment)
    if short := [end for _, end in known if isinstance(end, Reservation)]:
        reasons |= await explain_shortages(session, short, balances)
    return reasons


async def keep_reservations(
    session: AsyncSession,
    made: Sequence[Reservation],
    balances: Balances,
    traceparents: Sequence[str | None] | None = None,
) -> None:
    """Write down what was promised, and tell of it."""
    if not made:
        return
    changed = {place for one in made for place in one.places}
    await books.save_balances(session, {place: balances[place] for place in changed})
    await store.add(session, made)
    await outbox.add(session, [tell_reserved(one) for one in made], traceparents, fetch)
    if paid := [_paid(one) for one in made if one.status is Status.CONFIRMED]:
        await outbox.add(session, paid, send=fetch)


def _paid(reservation: Reservation) -> ReservationConfirmed:
    return ReservationConfirmed(
        reservation_id=reservation.reservation_id,
        order_id=reservation.order_id,
        site_id=reservation.site_id,
        at=reservation.reserved_at,
    )
