"""Name batches: those that are new are kept, the others must be what they are known as."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from inventory.catalog.domain import Item
from inventory.stock import store
from inventory.stock.domain import Batch, BatchKey


async def name_batches(
    session: AsyncSession, given: Iterable[Batch], items: Mapping[str, Item]
) -> set[BatchKey]:
    """Return the keys of the batches that are new; raise for one known otherwise."""
    named = dict[BatchKey, Batch]()
    for batch in given:
        named.setdefault(batch.key, batch).complete(batch)
    dated = [replace(batch).dated(items[batch.item_id]) for batch in named.values()]
    added = await store.add_batches(session, dated)
    for batch in dated:
        if batch.key in added:
            batch.must_be_dated(items[batch.item_id])
    for key, present in (await store.lock_batches(session, named.keys() - added)).items():
        present.complete(named[key])
    return added
