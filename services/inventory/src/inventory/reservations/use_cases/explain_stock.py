"""Explain stock: why something can or can't be shipped, before anybody tries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog import store as catalog
from inventory.reservations import store
from inventory.reservations.domain.assortment import Assortment, Wanted
from inventory.reservations.domain.reservation import Reservation, ReservedLine
from inventory.reservations.domain.shortage import drawn
from inventory.reservations.use_cases.explain_shortage import Surroundings, look_around
from inventory.reservations.use_cases.propose_batches import propose_batches
from inventory.reservations.use_cases.understand_orders import understand_orders
from inventory.reservations.use_cases.watch_units import watch_units
from inventory.stock.domain import NO_BATCH, Balance, Place
from servicekit.clock import now
from servicekit.errors import Refusal


@dataclass(frozen=True)
class Explanation:
    """What a reservation in a warehouse would come to just now."""

    warehouse_id: str
    can_ship: bool
    refusal: Refusal | None
    """Why nothing could be promised whatever the stock, if so."""
    lines: Sequence[dict[str, object]]
    """Of each line, or component of a kit, the same as a refusal says of a short one.

    Of goods that should have been named there is a line for each batch that is here or comes.
    """


async def explain_site(session: AsyncSession, wanted: Wanted) -> list[Explanation]:
    """Return what there is to know of each warehouse of a site; `wanted` names none."""
    doors = await catalog.warehouse_ids(session, wanted.site_id) or [wanted.warehouse_id]
    return await explain_stock(session, [wanted._replace(warehouse_id=door) for door in doors])


async def explain_stock(session: AsyncSession, orders: Sequence[Wanted]) -> list[Explanation]:
    """Return what there is to know of each order, as if it came alone.

    Nothing is locked, so it may be otherwise a moment later.
    """
    ends, assortment = await understand_orders(session, orders)
    units = await watch_units(session, [one for one in ends if isinstance(one, Reservation)])
    seen = list[tuple[Reservation, Refusal | None]]()
    for wanted, end in zip(orders, ends, strict=True):
        if isinstance(end, Reservation):
            seen.append((end, units.why_not(end)))
            continue
        await propose_batches(session, [(wanted, end)], assortment)
        seen.append((await _looked_at(session, wanted, assortment), end))
    places = {place for one, _ in seen for place in one.places}
    balances = await store.read_balances(session, places)
    around = await look_around(session, places)
    return [_explained(one, refusal, balances, around) for one, refusal in seen]


async def _looked_at(session: AsyncSession, wanted: Wanted, assortment: Assortment) -> Reservation:
    """Return what there is to see of an order that is refused: no lines, if nobody can tell."""
    place, at = (wanted.site_id, wanted.warehouse_id), now()
    try:
        lines = assortment.understand(wanted, named=False)
    except Refusal:
        lines = []
    parts = await _by_batch(session, place, assortment, lines)
    return Reservation(wanted.order_id, wanted.order_id, *place, at, at, lines=parts)


async def _by_batch(
    session: AsyncSession,
    place: tuple[str, str],
    assortment: Assortment,
    lines: Sequence[ReservedLine],
) -> list[ReservedLine]:
    """Return the lines, once for each batch where they name none of goods that are told apart."""
    open_lines = {
        line.item_id
        for line in lines
        if line.batch_id == NO_BATCH and assortment.tells_apart(line.item_id)
    }
    batches = await store.batches_about(session, place, open_lines)
    return [
        replace(line, batch_id=batch_id)
        for line in lines
        for batch_id in (line.batch_id and [line.batch_id])
        or batches.get(line.item_id)
        or [NO_BATCH]
    ]


def _explained(
    end: Reservation,
    refusal: Refusal | None,
    balances: Mapping[Place, Balance],
    around: Surroundings,
) -> Explanation:
    lines = drawn(end, balances)
    return Explanation(
        end.warehouse_id,
        can_ship=refusal is None and not any(line.short for line in lines),
        refusal=refusal,
        lines=[around.told(line, place) for line, place in zip(lines, end.places, strict=True)],
    )
