"""Costing agrees with inventory, and a rebuild from events finds the same costs (E2, E7)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from costing.insight import store
from servicekit import clock
from servicekit.client import PeerUnavailable


async def agreement(costing: Any) -> dict[str, Any]:
    answer = await costing.api.get("/agreement", headers=costing.headers(["finance"]))
    return dict(answer.json())


async def ask(costing: Any) -> str:
    asked = await costing.api.post("/rebuilds", headers=costing.headers(["finance"]))
    assert (asked.status_code, asked.json()["status"]) == (202, "requested")
    return str(asked.json()["rebuild_id"])


async def shown(costing: Any, rebuild_id: str) -> dict[str, Any]:
    place = f"/rebuilds/{rebuild_id}"
    return dict((await costing.api.get(place, headers=costing.headers(["finance"]))).json())


async def rebuild(costing: Any) -> dict[str, Any]:
    rebuild_id = await ask(costing)
    await costing.run_job("run_rebuilds")
    return await shown(costing, rebuild_id)


async def test_the_same_quantities_agree(costing: Any, peer: Any, ledger: Any) -> None:
    await costing.deliver(ledger(10, -3))
    peer.totals = [{"site_id": "s", "item_id": "i", "quantity": "7", "sequence": 2}]
    found = await agreement(costing)
    assert (found["streams"], found["agree"], found["differences"]) == (1, 1, [])


async def test_a_difference_is_shown_with_both_sides(costing: Any, peer: Any, ledger: Any) -> None:
    await costing.deliver(ledger(10, -3))
    peer.totals = [{"site_id": "s", "item_id": "i", "quantity": "8", "sequence": 2}]
    (difference,) = (await agreement(costing))["differences"]
    assert (difference["expected"], difference["found"]) == ("8", "7")


async def test_a_stream_not_costed_yet_is_behind(costing: Any, peer: Any, ledger: Any) -> None:
    await costing.deliver(ledger(10))
    peer.totals = [{"site_id": "s", "item_id": "i", "quantity": "7", "sequence": 2}]
    assert (await agreement(costing))["behind"] == 1


async def test_a_rebuild_of_the_same_facts_finds_no_difference(
    costing: Any, peer: Any, ledger: Any
) -> None:
    peer.facts = [*ledger(10, -3, -7), *ledger(4, -4, item_id="j")]
    await costing.deliver(peer.facts)
    found = await rebuild(costing)
    assert (found["status"], found["streams"], found["entries"]) == ("done", 2, 5)
    assert (found["different"], found["differences"]) == (0, [])


async def test_a_rebuild_shows_an_entry_that_other_facts_would_give(
    costing: Any, peer: Any, ledger: Any
) -> None:
    await costing.deliver(ledger(10, -3))
    peer.facts = ledger(10, -4)
    found = await rebuild(costing)
    assert found["differences"] == [
        {
            "site_id": "s",
            "item_id": "i",
            "sequence": 2,
            "cause": "other_value",
            "rebuilt": "-5.33",
            "live": "-4",
            "rebuilt_cost_of_sales": "0",
            "live_cost_of_sales": "0",
        }
    ]


async def test_a_rebuild_leaves_out_what_was_not_costed_yet(
    costing: Any, peer: Any, ledger: Any
) -> None:
    peer.facts = ledger(10, -3)
    await costing.deliver(peer.facts[:1])
    found = await rebuild(costing)
    assert (found["entries"], found["different"]) == (1, 0)


async def test_a_rebuild_goes_back_for_a_row_that_was_committed_late(
    costing: Any, peer: Any, ledger: Any
) -> None:
    peer.facts = ledger(10, -3, -2)
    peer.overlooked = {("s:i", 2)}
    await costing.deliver(peer.facts)
    found = await rebuild(costing)
    assert (found["entries"], found["differences"]) == (3, [])


async def test_a_rebuild_tells_of_an_entry_whose_fact_the_archive_has_not(
    costing: Any, peer: Any, ledger: Any
) -> None:
    facts = ledger(10, -3, -2)
    await costing.deliver(facts)
    peer.facts = [facts[0], facts[2]]
    (difference,) = (await rebuild(costing))["differences"]
    assert (difference["sequence"], difference["cause"]) == (2, "not_in_the_archive")
    assert (difference["rebuilt"], difference["live"]) == (None, "-4")


async def test_a_rebuild_ends_even_if_a_fact_of_the_archive_can_not_be_true(
    costing: Any, peer: Any, ledger: Any
) -> None:
    await costing.deliver(ledger(10, -3, -2))
    peer.facts = [*ledger(10, -30, -2), *ledger(4, item_id="j")]
    found = await rebuild(costing)
    assert (found["status"], found["streams"]) == ("done", 2)
    (difference,) = found["differences"]
    assert (difference["sequence"], difference["cause"]) == (2, "more_issued_than_there")


async def test_a_rebuild_waits_while_inventory_is_away(
    costing: Any, peer: Any, ledger: Any
) -> None:
    peer.facts = ledger(10)
    await costing.deliver(peer.facts)
    peer.away = True
    rebuild_id = await ask(costing)
    with pytest.raises(PeerUnavailable):
        await costing.run_job("run_rebuilds")
    assert (await shown(costing, rebuild_id))["status"] == "requested"
    peer.away = False
    await costing.run_job("run_rebuilds")
    assert (await shown(costing, rebuild_id))["status"] == "done"


async def test_a_rebuild_that_can_not_read_the_archive_fails_and_says_so(
    costing: Any, peer: Any, ledger: Any
) -> None:
    peer.facts = [one.model_copy(update={"quantity": Decimal(-1)}) for one in ledger(10)]
    rebuild_id = await ask(costing)
    with pytest.raises(ValueError, match="quantity"):
        await costing.run_job("run_rebuilds")
    found = await shown(costing, rebuild_id)
    assert found["status"] == "failed"
    assert "quantity" in found["failure"]


async def test_a_rebuild_is_taken_by_one_and_taken_over_only_when_its_runner_is_silent(
    costing: Any, peer: Any, ledger: Any
) -> None:
    peer.facts = ledger(10)
    await costing.deliver(peer.facts)
    rebuild_id = await ask(costing)
    async with costing.context.database.transaction() as session:
        taken = await store.take_rebuild(session, clock.now(), clock.now())
    assert str(taken) == rebuild_id
    await costing.run_job("run_rebuilds")
    assert (await shown(costing, rebuild_id))["status"] == "running"
    with clock.shifted(timedelta(seconds=61)):
        await costing.run_job("run_rebuilds")
    assert (await shown(costing, rebuild_id))["status"] == "done"


async def test_sums_and_latency_are_reported(costing: Any, ledger: Any) -> None:
    await costing.deliver(ledger(10, -3, -7))
    headers = costing.headers(["finance"])
    sums = (await costing.api.get("/reports/cogs", headers=headers)).json()
    assert sums == {"cogs": "13.33", "corrections": "0", "units": "10", "lines": 2}
    latency = (await costing.api.get("/reports/latency", headers=headers)).json()
    assert latency["count"] == 3
    assert 0 <= latency["p50_ms"] <= latency["p99_ms"]


async def test_an_unknown_rebuild_is_not_found(costing: Any) -> None:
    answer = await costing.api.get(
        "/rebuilds/00000000-0000-0000-0000-000000000000", headers=costing.headers(["finance"])
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_rebuild")
