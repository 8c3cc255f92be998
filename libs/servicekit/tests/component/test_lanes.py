"""A subscription with lanes works on several transactions at a time, each with keys of its own."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import SITE, SiteDefined
from servicekit.bus import Received, Subscription
from servicekit.bus import consumer as consuming
from servicekit.bus.consumer import Consumer
from servicekit.bus.reading import Record
from servicekit.testing import record

LANES = 2


@pytest.fixture(autouse=True)
def _a_few_are_worth_a_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consuming, "WORTH_A_LANE", 1)


def names(lane: int) -> list[str]:
    """Return keys of one lane; which those are is another matter in each process."""
    tried = (f"site-{number}" for number in range(100))
    return [name for name in tried if hash(name) % LANES == lane][:3]


def told(name: str, label: str) -> Record:
    return record(SiteDefined(site_id=name, name=label, time_zone="UTC"), uuid4())


def consumer(sample: Any, handle: Any) -> Consumer:
    subscription = Subscription(f"test.{uuid4().hex}", (SITE,), handle, lanes=LANES)
    return Consumer(subscription, sample.context.database)


async def test_lanes_work_at_the_same_time_and_keep_each_keys_order(sample: Any) -> None:
    both, seen = asyncio.Barrier(LANES), list[tuple[str, str]]()

    async def handle(_: AsyncSession, batch: Sequence[Received]) -> None:
        async with asyncio.timeout(60):
            await both.wait()
        seen.extend((one.key, one.event.name) for one in batch)

    keys = [*names(0), *names(1)]
    labels = ("first", "second", "third")
    await consumer(sample, handle).consume([told(key, label) for label in labels for key in keys])
    assert {key: [label for name, label in seen if name == key] for key in keys} == {
        key: list(labels) for key in keys
    }


async def test_what_fails_in_one_lane_is_parked_and_the_other_goes_on(sample: Any) -> None:
    bad, seen = names(0)[0], set[str]()

    async def handle(_: AsyncSession, batch: Sequence[Received]) -> None:
        if any(one.key == bad for one in batch):
            raise ValueError(bad)
        seen.update(one.key for one in batch)

    keys = [*names(0), *names(1)]
    await consumer(sample, handle).consume([told(key, "x") for key in keys])
    assert seen == set(keys) - {bad}
    answer = await sample.api.get("/ops/parked", headers=sample.headers(["operator"]))
    assert [one["key"] for one in answer.json()["items"]] == [bad]
