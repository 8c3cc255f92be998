"""Does together what waits while the last batch is under way.

There is no timer: alone, a caller is served at once; the busier it gets, the more a batch holds.
One batch is under way at a time, so that batches never wait for each other's locks.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog
from prometheus_client import Histogram

from servicekit.errors import Kind, Refusal
from servicekit.faults import is_contention, is_transient

In = TypeVar("In")
Out = TypeVar("Out")
Work = Callable[[Sequence[In]], Awaitable[Sequence[Out]]]

log = structlog.get_logger()
SIZE = Histogram(
    "trueshelf_gathered", "Calls done together", buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)


class TooManyWaiting(Refusal):
    """More is asked for than gets done."""

    kind = Kind.UNAVAILABLE
    code = "too_many_waiting"
    en = "{waiting} requests wait already. Send the same request with the same key again."
    zh = "已有 {waiting} 个请求在等待。请使用相同的幂等键重新发送同一请求。"


class Gatherer(Generic[In, Out]):
    """Takes calls one by one and does them in batches; each caller gets its own answer.

    A batch that fails is done one by one, so that one bad call never spoils its neighbours.
    """

    def __init__(self, work: Work[In, Out], at_once: int, waiting_max: int) -> None:
        self._work = work
        self._at_once = at_once
        self._waiting_max = waiting_max
        self._waiting: deque[tuple[In, asyncio.Future[Out]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def do(self, one: In) -> Out:
        """Return what comes of a call, or raise why nothing did.

        A caller that is cancelled while it waits is passed over; once begun, its work is finished.
        """
        if len(self._waiting) >= self._waiting_max:
            raise TooManyWaiting(waiting=len(self._waiting))
        end: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, end))
        if self._working is None:
            self._working = asyncio.create_task(self._work_off())
        return await end

    async def drain(self) -> None:
        """Return when nothing is left to do."""
        while self._working is not None:
            await self._working

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                size = min(len(self._waiting), self._at_once)
                batch = [self._waiting.popleft() for _ in range(size)]
                await self._finish([(one, end) for one, end in batch if not end.done()])
        finally:
            self._working = None

    async def _finish(self, batch: Sequence[tuple[In, asyncio.Future[Out]]]) -> None:
        SIZE.observe(len(batch))
        try:
            results = await self._work([one for one, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, the callers are told
            if len(batch) == 1 or (is_transient(error) and not is_contention(error)):
                _fail(batch, error)
            else:
                log.warning("batch failed, going one by one", error=repr(error)[:500])
                for one in batch:
                    await self._finish([one])
            return
        for (_, end), result in zip(batch, results, strict=True):
            if not end.done():
                end.set_result(result)


def _fail(batch: Sequence[tuple[In, asyncio.Future[Out]]], error: Exception) -> None:
    for _, end in batch:
        if not end.done():
            end.set_exception(error)
