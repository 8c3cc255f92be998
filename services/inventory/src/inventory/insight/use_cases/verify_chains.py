"""Verify the hash chains of the whole ledger: `python -m inventory verify`."""

from inventory.insight.domain.chain import ChainWalk
from inventory.insight.store.chain import Scope, miss_streams, walk_on
from servicekit.context import Context

ENTRIES_AT_ONCE = 5_000
LOST_MAX = 1_000
EVERYTHING = Scope()


async def verify_chains(context: Context) -> int:
    """Walk over all streams, say what is broken, and return 1 if anything is."""
    walk, broken, more = ChainWalk(), 0, True
    while more:
        async with context.database.transaction() as session:
            more = await walk_on(session, walk, EVERYTHING, ENTRIES_AT_ONCE)
        broken += _tell(walk)
    async with context.database.transaction() as session:
        await miss_streams(session, walk, EVERYTHING, LOST_MAX)
    broken += _tell(walk)
    print(  # noqa: T201 - what a command is for
        f"checked {walk.streams} streams with {walk.entries} entries: {broken} broken", flush=True
    )
    return 1 if broken else 0


def _tell(walk: ChainWalk) -> int:
    """Print the breaches found since the last time, and return how many they are."""
    found = walk.taken()
    for one in found:
        place = f"site {one.site_id}, item {one.item_id}, entry {one.sequence}"
        print(f"{place}: {one.cause}", flush=True)  # noqa: T201
    return len(found)
