"""Write the closings anew from the ledger: `python -m inventory close`."""

from inventory.stock import store
from servicekit.context import Context

STREAMS_AT_ONCE = 200


async def close_pages(context: Context) -> int:
    """Forget the closings and write them anew, some streams at a time, while the service runs."""
    after, closed = ("", ""), 0
    while True:
        async with context.database.transaction() as session:
            heads = await store.lock_streams_after(session, after, STREAMS_AT_ONCE)
            if not heads:
                break
            await store.forget_closings(session, list(heads))
            full = [
                (stream, last - last % store.PAGE_ENTRIES)
                for stream, last in heads.items()
                if last >= store.PAGE_ENTRIES
            ]
            await store.close_pages(session, full)
        after, closed = max(heads), closed + len(heads)
    print(f"closed the pages of {closed} streams", flush=True)  # noqa: T201 - what a command is for
    return 0
