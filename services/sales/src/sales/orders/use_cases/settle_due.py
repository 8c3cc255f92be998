"""Settle what waits for inventory too long, many at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

log = structlog.get_logger()

T = TypeVar("T")


async def settle_due(
    claim: Callable[[], Awaitable[Sequence[T]]],
    drive: Callable[[T], Awaitable[bool]],
    name: Callable[[T], str],
) -> None:
    """Drive on what is due; stop when nothing is, or when none of it gets anywhere.

    `drive` tells whether something waits no longer; what breaks for one is no matter for others.
    """

    async def settle(one: T) -> bool:
        try:
            return await drive(one)
        except Exception as error:  # noqa: BLE001 - it is due again, and may succeed then
            log.warning("not settled", document=name(one), error=repr(error)[:500])
            return False

    while due := await claim():
        if not any(await asyncio.gather(*(settle(one) for one in due))):
            return
