"""Freeze what comes into a warehouse, or becomes available there, while its breach lasts.

Receipts, transfers, returns, counts and reservations that end all make goods available, and none
of them knows of breaches; so every two seconds it is looked for what is available where one lasts,
as it is for goods that were called back. What an inspection releases is frozen as it is recorded.
Promised goods stay promised. What people let go of frozen goods, knowing of the breach, stays
available, or nobody could bring it to a warehouse that is cold.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.conditions import Breach
from inventory.quality.domain.holding import Goods, LetGo, Rule, freezable
from inventory.quality.store import breaches as store
from inventory.quality.store import goods
from inventory.quality.use_cases.change_status import Cause, by_rule, change_status
from inventory.stock import store as books
from inventory.stock.domain import ZERO, Place, Status
from servicekit.database import Database

log = structlog.get_logger()


async def freeze_in_breaches(database: Database) -> None:
    """Look after all warehouses whose breaches last, each in a transaction of its own."""
    async with database.transaction() as session:
        await store.forget_let_go(session)
        warehouses = await store.breached_warehouses(session)
    for warehouse in warehouses:
        try:
            async with database.transaction() as session:
                breach = await store.lock_lasting(session, warehouse, wait=False)
                if breach is not None:
                    known = await store.let_go(session, warehouse)
                    there = await goods.stocked_places(session, *warehouse)
                    await freeze_available(session, breach, {*there, *known})
        except Exception as error:  # noqa: BLE001 - the others go on, and the next round may succeed
            log.warning("goods not frozen", warehouse=warehouse, error=repr(error)[:500])


async def freeze_available(
    session: AsyncSession, breach: Breach, places: Collection[Place]
) -> None:
    """Freeze what is available at places of a warehouse, but for what people have let go there."""
    if not places:
        return
    opened = await books.open_books(session, places)
    exempt = await store.let_go(session, (breach.site_id, breach.warehouse_id))
    available = await goods.name_units(session, freezable(opened.balances, [Status.AVAILABLE]))
    for place in places:
        known, left = exempt.get(place), opened.balances[place].available
        if known is not None and known.quantity > left:
            await store.keep_let_go(session, replace(known, quantity=left))
    rest = [_rest_of(one, exempt) for one in available]
    documents = await change_status(
        session, [one for one in rest if one.quantity], cause_of(breach)
    )
    breach.document_ids = [*breach.document_ids, *documents]


async def let_go(session: AsyncSession, given: Goods) -> None:
    """Keep that people let frozen goods go in a warehouse whose breach is locked."""
    place = given.place
    known = (await store.let_go(session, given.warehouse)).get(place, LetGo(place, ZERO))
    serials = (*known.serials, *given.serials)
    await store.keep_let_go(session, LetGo(place, known.quantity + given.quantity, serials))


def cause_of(breach: Breach) -> Cause:
    """Return why a breach freezes goods."""
    return by_rule(
        Rule.COLD_CHAIN,
        reason=f"{breach.device_id} outside of the limits since {breach.outside_since.isoformat()}",
        source_document=str(breach.breach_id),
    )


def _rest_of(available: Goods, exempt: Mapping[Place, LetGo]) -> Goods:
    known = exempt.get(available.place)
    return available if known is None else known.rest_of(available)
