"""Each event is applied once and in order for its key, or parked where people see it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inventory import SITE, SiteDefined, WarehouseDefined
from servicekit import outbox
from servicekit.bus import Subscription
from servicekit.http.app import create_api
from servicekit.tables import inbox_tally


def site(name: str, label: str = "x") -> SiteDefined:
    return SiteDefined(site_id=name, name=label, time_zone="UTC")


async def parked(sample: Any) -> list[dict[str, Any]]:
    answer = await sample.api.get("/ops/parked", headers=sample.headers(["operator"]))
    return list(answer.json()["items"])


async def test_a_batch_is_one_transaction(sample: Any) -> None:
    await sample.deliver([site(name) for name in "abc"])
    assert (sample.seen, sample.batches) == (["a", "b", "c"], [3])


async def test_an_event_delivered_again_is_suppressed_and_counted(sample: Any) -> None:
    ids = [uuid4(), uuid4()]
    await sample.deliver([site("a"), site("b")], ids)
    await sample.deliver([site("a"), site("b"), site("c")], [*ids, uuid4()])
    await sample.deliver([site("d"), site("d")], [ids[0], ids[0]])
    assert sample.seen == ["a", "b", "c"]
    answer = await sample.api.get("/ops/bus", headers=sample.headers(["operator"]))
    tally = answer.json()["consumed"][0]
    assert (tally["applied"], tally["suppressed"]) == (3, 4)


async def test_the_state_of_the_bus_is_that_of_one_moment(sample: Any) -> None:
    """Or what a consumer applies and answers between two counts would look as if all were still."""
    headers = sample.headers(["operator"])
    async with sample.context.database.transaction() as consumer:
        await consumer.execute(text("lock table inbox_tally in access exclusive mode"))
        asked = asyncio.create_task(sample.api.get("/ops/bus", headers=headers))
        await waits_for_a_lock(consumer)
        done = {"consumer": "sample.sites", "topic": SITE.name, "applied": 1, "suppressed": 0}
        await consumer.execute(insert(inbox_tally), [done])
        await outbox.add(consumer, [site("a")])
    ends = [(await asked).json(), (await sample.api.get("/ops/bus", headers=headers)).json()]
    applied = [sum(one["applied"] for one in end["consumed"]) for end in ends]
    assert ([end["pending"] for end in ends], applied) == ([0, 1], [0, 1])


async def waits_for_a_lock(session: AsyncSession) -> None:
    """Wait until somebody waits for the table that is locked."""
    look = text(
        "select count(*) from pg_locks where relation = 'inbox_tally'::regclass and not granted"
    )
    async with asyncio.timeout(60):
        while not await session.scalar(look):  # noqa: ASYNC110 - it is in other hands
            await asyncio.sleep(0.02)


async def test_a_consumer_tells_which_kinds_it_takes_and_is_not_behind_with_others(
    sample: Any,
) -> None:
    kinds = (WarehouseDefined,)
    narrow = Subscription("sample.houses", (SITE,), sample.take, kinds=kinds)
    wide = Subscription("sample.sites", (SITE,), sample.take)
    app = create_api(sample.context, "A sample", [], [narrow, wide])
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as api:
        state = (await api.get("/ops/bus", headers=sample.headers(["operator"]))).json()
    told = {one["consumer"]: one["kinds"] for one in state["consumed"]}
    assert told == {"sample.houses": [WarehouseDefined.TYPE], "sample.sites": []}


async def test_one_bad_event_is_parked_and_its_neighbours_go_on(sample: Any) -> None:
    sample.failing = {"bad"}
    await sample.deliver([site("a"), site("bad"), site("b")])
    assert sample.seen[-2:] == ["a", "b"]
    waiting = await parked(sample)
    assert [(one["key"], one["state"]) for one in waiting] == [("bad", "parked")]
    assert "can't be applied" in waiting[0]["error"]


async def test_later_events_of_a_parked_key_wait_behind_it(sample: Any) -> None:
    sample.failing = {"bad"}
    await sample.deliver([site("bad", "first"), site("bad", "second")])
    sample.failing = set()
    await sample.deliver([site("bad", "third"), site("a")])
    assert "bad" not in sample.seen
    assert [one["state"] for one in await parked(sample)] == ["parked", "behind", "behind"]


async def test_a_released_message_is_applied_and_those_behind_follow_in_order(sample: Any) -> None:
    sample.failing = {"bad"}
    await sample.deliver([site("bad", "first"), site("bad", "second")])
    sample.failing = set()
    number = (await parked(sample))[0]["number"]
    await sample.api.post(
        f"/ops/parked/{number}/release", json={}, headers=sample.headers(["operator"])
    )
    await sample.consume_due()
    assert sample.seen == ["bad", "bad"]
    assert await parked(sample) == []


async def test_a_mended_body_replaces_the_broken_one(sample: Any) -> None:
    sample.failing = {"bad"}
    await sample.deliver(site("bad"))
    number = (await parked(sample))[0]["number"]
    mended = {"payload": {"site_id": "good", "name": "x", "time_zone": "UTC"}}
    await sample.api.post(
        f"/ops/parked/{number}/release", json=mended, headers=sample.headers(["operator"])
    )
    await sample.consume_due()
    assert sample.seen == ["good"]


async def test_a_release_that_fails_again_is_parked_again(sample: Any) -> None:
    sample.failing = {"bad"}
    await sample.deliver(site("bad"))
    number = (await parked(sample))[0]["number"]
    await sample.api.post(
        f"/ops/parked/{number}/release", json={}, headers=sample.headers(["operator"])
    )
    await sample.consume_due()
    assert [one["state"] for one in await parked(sample)] == ["parked"]


async def test_a_discarded_message_lets_those_behind_it_go_on(sample: Any) -> None:
    sample.failing = {"bad"}
    await sample.deliver([site("bad", "first"), site("bad", "second")])
    sample.failing = set()
    number = (await parked(sample))[0]["number"]
    await sample.api.post(f"/ops/parked/{number}/discard", headers=sample.headers(["operator"]))
    await sample.consume_due()
    assert sample.seen == ["bad"]


async def test_a_discarded_message_that_comes_again_is_a_repeat(sample: Any) -> None:
    headers = {"ce_id": str(uuid4()), "ce_type": SiteDefined.TYPE}
    await sample.deliver_raw(b"{}", headers, "one")
    number = (await parked(sample))[0]["number"]
    await sample.api.post(f"/ops/parked/{number}/discard", headers=sample.headers(["operator"]))
    await sample.deliver_raw(b"{}", headers, "one")
    assert await parked(sample) == []


async def test_releasing_what_is_not_there_says_so(sample: Any) -> None:
    answer = await sample.api.post(
        "/ops/parked/7/release", json={}, headers=sample.headers(["operator"])
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_parked_message")


async def test_a_record_that_is_no_event_is_parked_and_not_skipped(sample: Any) -> None:
    await sample.deliver_raw(b"\x00\xff", {"ce_type": "x"}, "one")
    await sample.deliver_raw(b"{}", {"ce_id": str(uuid4()), "ce_type": SiteDefined.TYPE}, "two")
    await sample.deliver_raw(b"{}", {"ce_id": "none", "ce_type": SiteDefined.TYPE}, "three")
    assert [one["state"] for one in await parked(sample)] == ["parked"] * 3


async def test_a_type_this_version_does_not_know_is_passed_over(sample: Any) -> None:
    await sample.deliver_raw(b"{}", {"ce_id": str(uuid4()), "ce_type": "later.v9"})
    assert (sample.seen, await parked(sample)) == ([], [])
