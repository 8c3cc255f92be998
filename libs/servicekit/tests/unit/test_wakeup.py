"""Waiting for a wake-up ends when it is cancelled, whatever happens in the same moment."""

import asyncio
from typing import Any, cast

import pytest

from servicekit.wakeup import Alarm


@pytest.mark.parametrize("turns", range(6))
async def test_a_wait_that_is_cancelled_as_the_alarm_rings_is_cancelled(turns: int) -> None:
    """Otherwise a relay that is told to stop would go on for good."""
    alarm = Alarm(cast("Any", None), "sample")
    waiting = asyncio.create_task(alarm.wait(30))
    await asyncio.sleep(0.01)
    alarm._rang.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    if waiting.cancel():
        with pytest.raises(asyncio.CancelledError):
            await waiting
    else:
        await waiting


async def test_a_wait_that_nobody_ends_ends_with_the_backstop() -> None:
    await Alarm(cast("Any", None), "sample").wait(0.01)
