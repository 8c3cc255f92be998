"""Where goods are that may have to be frozen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.holding import Goods
from inventory.reservations.store import units_held
from inventory.stock.domain import STATE_OF, Balance, Place
from inventory.stock.tables import serial_unit, stock_balance

_PLACE = (
    stock_balance.c.site_id,
    stock_balance.c.item_id,
    stock_balance.c.warehouse_id,
    stock_balance.c.batch_id,
)
_FIGURES = (
    stock_balance.c.on_hand,
    stock_balance.c.allocated,
    stock_balance.c.in_inspection,
    stock_balance.c.frozen,
)
_IS_AVAILABLE = (
    stock_balance.c.on_hand
    > stock_balance.c.allocated + stock_balance.c.in_inspection + stock_balance.c.frozen
)


async def balance_at(session: AsyncSession, place: Place) -> Balance:
    """Return what is at a place, as it is committed; nothing is locked."""
    wanted = select(*_FIGURES).where(
        tuple_(*_PLACE) == (place.site_id, place.item_id, place.warehouse_id, place.batch_id)
    )
    row = (await session.execute(wanted)).one_or_none()
    return Balance() if row is None else Balance(*row)


async def stocked_places(session: AsyncSession, site_id: str, warehouse_id: str) -> Sequence[Place]:
    """Return the places of a warehouse where something is available."""
    wanted = select(*_PLACE).where(
        stock_balance.c.site_id == site_id,
        stock_balance.c.warehouse_id == warehouse_id,
        _IS_AVAILABLE,
    )
    return [Place(*row) for row in await session.execute(wanted)]


async def name_units(session: AsyncSession, goods: Iterable[Goods]) -> list[Goods]:
    """Return the goods with the numbers of their units, as many as move; the first ones go.

    Units that are promised by their numbers stay where they are, so the balances must be locked.
    """
    given = list(goods)
    places = {one.place for one in given}
    units = await _units_at(session, places)
    named = [
        replace(one, serials=tuple(there))
        if (there := units.get((one.place, STATE_OF[one.source].value)))
        else one
        for one in given
    ]
    return await leave_promised(session, named)


async def leave_promised(session: AsyncSession, goods: Iterable[Goods]) -> list[Goods]:
    """Return the goods without the units that are promised by their numbers, if they have any."""
    given = list(goods)
    places = {one.place for one in given if one.serials}
    held = await units_held(session, places) if places else {}
    left = list[Goods]()
    for one in given:
        free = [unit for unit in one.serials if (one.place.item_id, unit) not in held]
        going = tuple(free[: int(one.quantity)])
        if going:
            left.append(replace(one, quantity=Decimal(len(going)), serials=going))
        elif not one.serials:
            left.append(one)
    return left


async def _units_at(
    session: AsyncSession, places: Iterable[Place]
) -> dict[tuple[Place, str], list[str]]:
    unit = serial_unit.c
    key = (unit.site_id, unit.item_id, unit.warehouse_id, unit.batch_id)
    # The items first: units are found by theirs.
    wanted = (
        select(*key, unit.state, unit.serial_no)
        .where(
            unit.item_id.in_({place.item_id for place in places}),
            tuple_(*key).in_(
                [(one.site_id, one.item_id, one.warehouse_id, one.batch_id) for one in places]
            ),
        )
        .order_by(unit.item_id, unit.serial_no)
    )
    found = defaultdict[tuple[Place, str], list[str]](list)
    for *place, state, serial_no in await session.execute(wanted):
        found[Place(*place), state].append(serial_no)
    return found
