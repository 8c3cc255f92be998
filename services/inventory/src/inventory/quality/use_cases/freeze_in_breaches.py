"""Freeze what comes into a warehouse, or becomes available there, while its breach lasts.

Receipts, transfers, returns, counts and reservations that end all make goods available, and none
of them knows of breaches; so every two seconds it is looked for what is available where one lasts,
as it is for goods that were called back. What an inspection releases is frozen as it is recorded.
Promised goods stay promised. What people let go of frozen goods, knowing of the breach, stays
available, or nobody could bring it to a warehouse that is cold.
"""

from collections.abc import Collection, Mapping

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
                    await freeze_available(session, breach, {*there, *known}, known)
        except Exception as error:  # noqa: BLE001 - the others go on, and the next round may succeed
            log.warning("goods not frozen", warehouse=warehouse, error=repr(error)[:500])


async def freeze_available(
    session: AsyncSession,
    breach: Breach,
    places: Collection[Place],
    exempt: Mapping[Place, LetGo],
) -> None:
    """Freeze what is available at places of a warehouse, but for what people have let go there.

    What they let go and is there no longer is forgotten: what comes in later is other goods.
    """
    if not places:
        return
    opened = await books.open_books(session, places)
    available = await goods.name_units(session, freezable(opened.balances, [Status.AVAILABLE]))
    there = {one.place: one for one in available}
    for place in sorted(exempt.keys() & set(places)):
        left = exempt[place].left_in(there.get(place))
        if left != exempt[place]:
            await store.keep_let_go(session, left)
    rest = [_rest_of(one, exempt) for one in available]
    documents = await change_status(
        session, [one for one in rest if one.quantity], cause_of(breach)
    )
    breach.document_ids = [*breach.document_ids, *documents]


async def let_go(session: AsyncSession, given: Goods) -> None:
    """Keep that people let frozen goods go in a warehouse whose breach is locked."""
    known = (await store.let_go(session, given.warehouse)).get(given.place)
    await store.keep_let_go(session, (known or LetGo(given.place, ZERO)).and_also(given))


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
