"""Calls that wait are done together, and none spoils another's."""

import asyncio
from collections.abc import Sequence

import pytest

from inventory.gathering import Gatherer, TooManyWaiting


class Kitchen:
    """Doubles numbers in batches, lets the test hold it up, and chokes on negative ones."""

    def __init__(self, at_once: int = 100, waiting_max: int = 100) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.begun = asyncio.Event()
        self.gatherer = Gatherer[int, int](self._double, at_once, waiting_max)

    async def _double(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.begun.set()
        await self.open.wait()
        if min(numbers) < 0:
            raise ValueError("negative")
        return [2 * number for number in numbers]

    async def busy_with(self, number: int) -> "asyncio.Task[int]":
        """Let a batch be under way, and return its call."""
        self.open.clear()
        call = asyncio.create_task(self.gatherer.do(number))
        await self.begun.wait()
        return call

    def call(self, *numbers: int) -> "list[asyncio.Task[int]]":
        """Let calls wait."""
        return [asyncio.create_task(self.gatherer.do(number)) for number in numbers]


async def test_what_waits_while_a_batch_is_under_way_is_the_next_batch() -> None:
    kitchen = Kitchen()
    first = await kitchen.busy_with(0)
    calls = kitchen.call(1, 2, 3)
    await asyncio.sleep(0)
    kitchen.open.set()
    assert await asyncio.gather(first, *calls) == [0, 2, 4, 6]
    assert kitchen.batches == [[0], [1, 2, 3]]


async def test_a_batch_has_an_upper_limit() -> None:
    kitchen = Kitchen(at_once=2)
    assert await asyncio.gather(*kitchen.call(1, 2, 3)) == [2, 4, 6]
    assert kitchen.batches == [[1, 2], [3]]


async def test_one_that_fails_does_not_spoil_its_neighbours() -> None:
    kitchen = Kitchen()
    first = await kitchen.busy_with(0)
    calls = kitchen.call(1, -2, 3)
    await asyncio.sleep(0)
    kitchen.open.set()
    one, two, three = await asyncio.gather(*calls, return_exceptions=True)
    assert (await first, one, three) == (0, 2, 6)
    assert isinstance(two, ValueError)
    assert kitchen.batches == [[0], [1, -2, 3], [1], [-2], [3]]


async def test_a_caller_who_leaves_before_the_batch_is_passed_over() -> None:
    kitchen = Kitchen()
    first = await kitchen.busy_with(0)
    gone, stays = kitchen.call(1, 2)
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    kitchen.open.set()
    assert (await first, await stays) == (0, 4)
    assert kitchen.batches == [[0], [2]]


async def test_a_caller_who_leaves_during_the_batch_does_not_undo_it() -> None:
    kitchen = Kitchen()
    first = await kitchen.busy_with(0)
    first.cancel()
    kitchen.open.set()
    await kitchen.gatherer.drain()
    assert kitchen.batches == [[0]]
    assert await kitchen.gatherer.do(4) == 8


async def test_too_many_are_turned_away_at_once() -> None:
    kitchen = Kitchen(waiting_max=2)
    first = await kitchen.busy_with(0)
    calls = kitchen.call(1, 2)
    await asyncio.sleep(0)
    with pytest.raises(TooManyWaiting):
        await kitchen.gatherer.do(3)
    kitchen.open.set()
    assert await asyncio.gather(first, *calls) == [0, 2, 4]


async def test_draining_waits_for_all_that_was_asked_for() -> None:
    kitchen = Kitchen(at_once=1)
    calls = kitchen.call(1, 2, 3)
    await asyncio.sleep(0)
    await kitchen.gatherer.drain()
    assert [call.result() for call in calls] == [2, 4, 6]
