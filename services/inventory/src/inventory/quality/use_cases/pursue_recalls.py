"""Pursue recalls: whatever called back goods turn up are frozen, and nobody holds them."""

from decimal import Decimal

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.holding import Goods, Rule, freezable
from inventory.quality.domain.recall import Recall
from inventory.quality.store import goods
from inventory.quality.store import recalls as store
from inventory.quality.use_cases.change_status import NOT_PROMISED, by_rule, change_status
from inventory.quality.use_cases.count_returns import count_returns
from inventory.reservations import store as reservations
from inventory.reservations.domain.reservation import Reason, Reservation
from inventory.reservations.use_cases.release_reservations import release_reservations
from inventory.stock import store as books
from inventory.stock.domain import Balance, Place
from servicekit.clock import now
from servicekit.database import Database

log = structlog.get_logger()


async def pursue_recalls(database: Database) -> None:
    """Look after all open recalls, each in a transaction of its own; workers share them out."""
    async with database.transaction() as session:
        recall_ids = await store.open_ids(session)
    for recall_id in recall_ids:
        try:
            async with database.transaction() as session:
                called = await store.lock_open(session, recall_id)
                if called is not None:
                    await pursue(session, called)
        except Exception as error:  # noqa: BLE001 - the others go on, and the next round may succeed
            log.warning("recall not pursued", recall_id=str(recall_id), error=repr(error)[:500])


async def pursue(session: AsyncSession, called: Recall) -> None:
    """Free called back goods of their promises, freeze them, and note where others have gone.

    What customers returned of those counts as recovered.

    Reservations are locked first, then all streams and balances at once, as everywhere.
    """
    places = await store.places(session, called)
    if places:
        held = await store.holding(session, places)
        locked = await reservations.lock_all(session, held)
        units = await store.units(session, called) if called.first_serial is not None else []
        serials = {serial_no for one in units for serial_no in one.serials}
        letting_go = [one for one in locked.values() if one.is_open and _touches(one, serials)]
        await books.open_books(session, {*places, *_places_of(letting_go)})
        await release_reservations(session, letting_go, Reason.RECALLED)
        released = [(one, held[one.reservation_id]) for one in letting_go]
        await store.keep_released(session, called.recall_id, released, now())
        await _freeze(session, called, places)
    await store.keep_deliveries(session, called)
    await count_returns(session, called)


async def _freeze(session: AsyncSession, called: Recall, places: list[Place]) -> None:
    opened = await books.open_books(session, places)
    if called.first_serial is None:
        found = await goods.name_units(session, freezable(opened.balances, NOT_PROMISED))
    else:
        units = await goods.leave_promised(session, await store.units(session, called))
        found = _as_far_as_free(units, opened.balances)
    cause = by_rule(Rule.RECALLED, f"{called.rule}: {called.reason}", called.number)
    await change_status(session, found, cause)


def _touches(reservation: Reservation, serials: set[str]) -> bool:
    """Tell whether called back goods may be promised; where units are, others are no matter."""
    named = {serial_no for line in reservation.lines for serial_no in line.serials or ()}
    return not (serials and named) or not serials.isdisjoint(named)


def _as_far_as_free(units: list[Goods], balances: dict[Place, Balance]) -> list[Goods]:
    """Leave out units that are promised once more meanwhile: the next round finds them free."""
    return [
        one
        for one in units
        if one.quantity <= Decimal(getattr(balances[one.place], one.source.value))
    ]


def _places_of(held: list[Reservation]) -> list[Place]:
    return [one.place_of(line) for one in held for line in one.lines]
