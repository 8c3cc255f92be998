"""Loads batches; those that are not there yet are added, always in the same order."""

from collections.abc import Collection, Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.stock.domain import Batch, BatchKey, UnknownBatch
from inventory.stock.tables import batch


async def load_batches(session: AsyncSession, keys: Collection[BatchKey]) -> dict[BatchKey, Batch]:
    """Return batches by item and batch; raise `UnknownBatch` for the first that is none."""
    return _complete(await find_batches(session, keys), keys)


async def find_batches(session: AsyncSession, keys: Collection[BatchKey]) -> dict[BatchKey, Batch]:
    """Return those of the batches that there are, by item and batch."""
    key = tuple_(batch.c.item_id, batch.c.batch_id)
    found = (await session.scalars(select(Batch).where(key.in_(keys)))).all() if keys else []
    return {one.key: one for one in found}


async def add_batches(session: AsyncSession, given: Iterable[Batch]) -> set[BatchKey]:
    """Add the batches that are not there yet; return the keys of those."""
    rows = [
        {column.name: getattr(one, column.name) for column in batch.columns}
        for one in sorted(given, key=lambda one: one.key)
    ]
    added = insert(batch).on_conflict_do_nothing().returning(batch.c.item_id, batch.c.batch_id)
    if not rows:
        return set()
    return {(row.item_id, row.batch_id) for row in await session.execute(added, rows)}


async def lock_batches(session: AsyncSession, keys: Collection[BatchKey]) -> dict[BatchKey, Batch]:
    """Return batches that are there, locked."""
    if not keys:
        return {}
    wanted = (
        select(Batch)
        .where(tuple_(batch.c.item_id, batch.c.batch_id).in_(keys))
        .order_by(batch.c.item_id, batch.c.batch_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return _complete({one.key: one for one in await session.scalars(wanted)}, keys)


def _complete(found: dict[BatchKey, Batch], keys: Collection[BatchKey]) -> dict[BatchKey, Batch]:
    for item_id, batch_id in sorted(set(keys) - found.keys()):
        raise UnknownBatch(item_id=item_id, batch_id=batch_id)
    return found
