"""Waiting for something to become true, with a deadline: the one place that sleeps."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.05


def wait_until(condition: Callable[[], T], seconds: float, what: str) -> T:
    """Return the first true answer of the condition; raise TimeoutError if none comes."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := condition():
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(POLL_SECONDS)


async def until(condition: Callable[[], bool], every_seconds: float = 0.1) -> None:
    """Wait until a cheap condition holds; the caller sets the deadline."""
    while not condition():  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(every_seconds)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where the calling thread has a loop under way."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
