"""Waiting for what other processes do, with a deadline that says what is missing."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from demo.errors import DemoError

POLL_SECONDS = 0.25


async def wait_for(
    look: Callable[[], Awaitable[list[str]]], seconds: float, what: str, advice: str
) -> None:
    """Look until nothing is missing any more."""
    deadline = time.monotonic() + seconds
    while missing := await look():
        if time.monotonic() > deadline:
            listed = "\n  ".join(missing[:20])
            raise DemoError(f"waited {seconds:.0f} s in vain for {what}:\n  {listed}", advice)
        await asyncio.sleep(POLL_SECONDS)


async def in_parallel(work: Sequence[Callable[[], Awaitable[None]]], at_once: int) -> None:
    """Do many things, a few at a time; the first failure ends all."""
    queue = iter(work)

    async def take() -> None:
        for one in queue:
            await one()

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(take())
