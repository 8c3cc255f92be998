"""Costing agrees with inventory, and a rebuild from events finds the same costs (E2, E7)."""

from typing import Any


async def agreement(costing: Any) -> dict[str, Any]:
    answer = await costing.api.get("/agreement", headers=costing.headers(["finance"]))
    return dict(answer.json())


async def rebuild(costing: Any) -> dict[str, Any]:
    asked = await costing.api.post("/rebuilds", headers=costing.headers(["finance"]))
    assert (asked.status_code, asked.json()["status"]) == (202, "requested")
    await costing.run_job("run_rebuilds")
    answer = await costing.api.get(
        f"/rebuilds/{asked.json()['rebuild_id']}", headers=costing.headers(["finance"])
    )
    return dict(answer.json())


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
    assert [one["sequence"] for one in found["differences"]] == [2]


async def test_a_rebuild_leaves_out_what_was_not_costed_yet(
    costing: Any, peer: Any, ledger: Any
) -> None:
    peer.facts = ledger(10, -3)
    await costing.deliver(peer.facts[:1])
    found = await rebuild(costing)
    assert (found["entries"], found["different"]) == (1, 0)


async def test_sums_and_latency_are_reported(costing: Any, ledger: Any) -> None:
    await costing.deliver(ledger(10, -3, -7))
    headers = costing.headers(["finance"])
    sums = (await costing.api.get("/reports/cogs", headers=headers)).json()
    assert sums == {"cogs": "13.33", "units": "10", "lines": 2}
    latency = (await costing.api.get("/reports/latency", headers=headers)).json()
    assert latency["count"] == 3
    assert 0 <= latency["p50_ms"] <= latency["p99_ms"]


async def test_an_unknown_rebuild_is_not_found(costing: Any) -> None:
    answer = await costing.api.get(
        "/rebuilds/00000000-0000-0000-0000-000000000000", headers=costing.headers(["finance"])
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_rebuild")
