"""Verify the whole ledger and what is closed from it: `python -m inventory verify`."""

from inventory.insight.domain.chain import ChainWalk
from inventory.insight.store.chain import Scope, miss_streams, walk_on
from inventory.insight.store.closings import differing_closings, streams_after
from servicekit.context import Context

ENTRIES_AT_ONCE = 5_000
LOST_MAX = 1_000
STREAMS_AT_ONCE = 100
EVERYTHING = Scope()


async def verify_chains(context: Context) -> int:
    """Walk over all streams and closings, say what is broken, and return 1 if anything is."""
    walk, broken, more = ChainWalk(), 0, True
    while more:
        async with context.database.transaction() as session:
            more = await walk_on(session, walk, EVERYTHING, ENTRIES_AT_ONCE)
        broken += _tell(walk)
    async with context.database.transaction() as session:
        await miss_streams(session, walk, EVERYTHING, LOST_MAX)
    broken += _tell(walk) + await _compare_closings(context)
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


async def _compare_closings(context: Context) -> int:
    """Print where closings and ledger differ, and return in how many streams."""
    after, differing = ("", ""), 0
    while True:
        async with context.database.transaction() as session:
            streams = await streams_after(session, after, STREAMS_AT_ONCE)
            if not streams:
                return differing
            found = await differing_closings(session, streams)
        for one in found:
            print(  # noqa: T201 - what a command is for
                f"site {one.site_id}, item {one.item_id}, closing at entry {one.sequence}: differs"
                " from the ledger (`python -m inventory close` writes closings anew)",
                flush=True,
            )
        after, differing = streams[-1], differing + len(found)
