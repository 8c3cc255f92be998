"""Breaches that last, and what people let go meanwhile. A breach is locked before the books."""

from collections.abc import Sequence

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.devices.tables import LASTS, cold_chain_breach
from inventory.quality.domain.conditions import Breach
from inventory.quality.domain.holding import LetGo, Warehouse
from inventory.quality.tables import let_go_in_breach
from inventory.stock.domain import Place

_WAREHOUSE = (let_go_in_breach.c.site_id, let_go_in_breach.c.warehouse_id)


async def breached_warehouses(session: AsyncSession) -> Sequence[Warehouse]:
    """Return the warehouses whose breaches last."""
    breach = cold_chain_breach.c
    wanted = select(breach.site_id, breach.warehouse_id).where(LASTS).distinct()
    return sorted((row.site_id, row.warehouse_id) for row in await session.execute(wanted))


async def lock_lasting(
    session: AsyncSession, warehouse: Warehouse, *, wait: bool = True
) -> Breach | None:
    """Return the first of the breaches that last in a warehouse, locked, if there is one.

    Who does not wait gets none that somebody else works on.
    """
    breach = cold_chain_breach.c
    wanted = (
        select(Breach)
        .where(LASTS, tuple_(breach.site_id, breach.warehouse_id) == warehouse)
        .order_by(breach.breach_id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=not wait)
        .execution_options(populate_existing=True)
    )
    return await session.scalar(wanted)


async def let_go(session: AsyncSession, warehouse: Warehouse) -> dict[Place, LetGo]:
    """Return what people let go in a warehouse; whose breach is locked, or the books it is in."""
    wanted = select(let_go_in_breach).where(tuple_(*_WAREHOUSE) == warehouse)
    found = [
        LetGo(
            Place(row.site_id, row.item_id, row.warehouse_id, row.batch_id),
            row.quantity,
            tuple(row.serials),
        )
        for row in await session.execute(wanted)
    ]
    return {one.place: one for one in found}


async def keep_let_go(session: AsyncSession, given: LetGo) -> None:
    """Keep how much people let go at a place, in place of what was known of it; or that none is."""
    table, place = let_go_in_breach, given.place._asdict()
    if not given.quantity:
        await session.execute(delete(table).filter_by(**place))
        return
    figures = {"quantity": given.quantity, "serials": list(given.serials)}
    added = insert(table).values(place | figures)
    await session.execute(
        added.on_conflict_do_update(index_elements=table.primary_key, set_=figures)
    )


async def forget_let_go(session: AsyncSession) -> None:
    """Forget what was let go where no breach lasts any more."""
    breach = cold_chain_breach.c
    lasting = select(breach.breach_id).where(
        LASTS, tuple_(breach.site_id, breach.warehouse_id) == tuple_(*_WAREHOUSE)
    )
    await session.execute(delete(let_go_in_breach).where(~lasting.exists()))
