"""Facts become costs: once, in ledger order, however they come (E1, E2)."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select

from contracts.costing import GoodsSoldCosted
from costing.valuation.store import pending
from costing.valuation.tables import pending_fact
from servicekit import clock
from servicekit.client import PeerUnavailable

LEDGER = (10, -3, 5, -4, -8, 7, -1)


async def cost(costing: Any, item_id: str = "i") -> dict[str, Any]:
    answer = await costing.api.get(f"/costs/s/{item_id}", headers=costing.headers(["finance"]))
    return dict(answer.json())


async def entries(costing: Any, item_id: str = "i") -> list[dict[str, Any]]:
    answer = await costing.api.get(
        f"/costs/s/{item_id}/entries", headers=costing.headers(["finance"])
    )
    return [{**one, "item_id": None, "costed_at": None} for one in answer.json()["items"]]


async def test_a_ledger_becomes_a_cost_with_its_entries(costing: Any, ledger: Any) -> None:
    await costing.deliver(ledger(10, -3))
    assert await cost(costing) | {"as_of": ""} == {
        "site_id": "s",
        "item_id": "i",
        "sequence": 2,
        "quantity": "7",
        "value": "9.33",
        "unit_cost": "1.332857",
        "currency": "USD",
        "method": "moving weighted average",
        "as_of": "",
    }
    assert [(e["document_number"], e["value"]) for e in await entries(costing)] == [
        ("D1", "13.33"),
        ("D2", "-4"),
    ]


async def test_what_is_shipped_is_told_with_its_cost(costing: Any, ledger: Any) -> None:
    await costing.deliver(ledger(10, -3))
    (told,) = await costing.events()
    assert isinstance(told, GoodsSoldCosted)
    assert (told.sequence, told.cost, told.quantity) == (2, Decimal("4.00"), 3)


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_and_any_repeats_give_the_same_entries(
    costing: Any, ledger: Any, seed: int
) -> None:
    facts = ledger(*LEDGER)
    await costing.deliver([one.model_copy(update={"item_id": "j"}) for one in facts])
    shuffled = [*facts, *facts]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a repeatable order, no secret
    for at in range(0, len(shuffled), 3):
        await costing.deliver(shuffled[at : at + 3])
    straight, mixed = await entries(costing, "j"), await entries(costing)
    assert [one["sequence"] for one in mixed] == list(range(1, 8))
    assert mixed == straight
    costed = [(one.item_id, one.sequence) for one in await costing.events()]
    assert sorted(costed) == sorted((item, n) for item in "ij" for n in (2, 4, 5, 7))
    async with costing.context.database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(pending_fact)) == 0


async def test_a_gap_is_filled_from_inventorys_archive(
    costing: Any, peer: Any, ledger: Any
) -> None:
    peer.facts = ledger(*LEDGER)
    await costing.deliver([peer.facts[0], peer.facts[4], peer.facts[6]])
    await costing.run_job("fill_gaps")
    assert (await cost(costing))["sequence"] == 1
    with clock.shifted(timedelta(seconds=3)):
        await costing.run_job("fill_gaps")
    assert (await cost(costing))["sequence"] == 7
    await costing.deliver(peer.facts)
    assert (await cost(costing))["sequence"] == 7


async def test_a_stream_that_can_not_go_on_holds_up_no_other(
    costing: Any, peer: Any, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "AT_ONCE", 1)
    euro = ledger(5, -1, item_id="euro", currency="EUR")
    peer.facts = [*euro, *ledger(5, -1, item_id="x"), *ledger(5, -1, item_id="z")]
    await costing.deliver([one for one in peer.facts if one.sequence == 2])
    with clock.shifted(timedelta(seconds=3)):
        await costing.run_job("fill_gaps")
    reached = [(await cost(costing, item))["sequence"] for item in ("euro", "x", "z")]
    assert reached == [0, 2, 2]


async def test_gaps_wait_while_inventory_is_away(costing: Any, peer: Any, ledger: Any) -> None:
    await costing.deliver(ledger(5, -1)[1:])
    peer.away = True
    with clock.shifted(timedelta(seconds=3)), pytest.raises(PeerUnavailable):
        await costing.run_job("fill_gaps")


async def test_another_currency_is_parked_and_the_rest_goes_on(costing: Any, ledger: Any) -> None:
    await costing.deliver([*ledger(5, item_id="euro", currency="EUR"), *ledger(5)])
    assert (await cost(costing))["quantity"] == "5"
    answer = await costing.api.get("/ops/parked", headers=costing.headers(["operator"]))
    assert [one["key"] for one in answer.json()["items"]] == ["s:euro"]
    assert "EUR" in answer.json()["items"][0]["error"]


async def test_the_database_refuses_to_change_a_value_entry(
    costing: Any, ledger: Any, fresh_database: Any
) -> None:
    """E5: corrections are new entries."""
    await costing.deliver(ledger(5))
    connection = await asyncpg.connect(str(costing.context.settings.database_url))
    try:
        for attack in ("update value_entry set value = 0", "delete from value_entry"):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(attack)
    finally:
        await connection.close()


async def test_a_shipments_costs_are_listed_by_line(costing: Any, ledger: Any) -> None:
    await costing.deliver(ledger(10, -3))
    shipment = "00000000-0000-0000-0000-000000000002"
    answer = await costing.api.get(
        f"/shipments/{shipment}/costs", headers=costing.headers(["finance"])
    )
    assert (answer.json()["cost"], len(answer.json()["lines"])) == ("4", 1)
    stranger = costing.headers(["finance"], sites=["elsewhere"])
    refused = await costing.api.get(f"/shipments/{shipment}/costs", headers=stranger)
    assert refused.json()["code"] == "site_forbidden"


async def test_an_item_that_never_moved_has_no_cost(costing: Any) -> None:
    answer = await costing.api.get("/costs/s/none", headers=costing.headers(["finance"]))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_cost")


async def test_costs_are_listed_in_pages_and_by_site(costing: Any, ledger: Any) -> None:
    for name in "abc":
        await costing.deliver(ledger(5, item_id=name))
    seen, cursor = [], None
    for _ in range(3):
        query = {"limit": "1", **({"cursor": cursor} if cursor else {})}
        answer = await costing.api.get("/costs", params=query, headers=costing.headers(["finance"]))
        seen += [one["item_id"] for one in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
    assert (seen, cursor) == (["a", "b", "c"], None)
    none = await costing.api.get("/costs", headers=costing.headers(["finance"], sites=["x"]))
    assert none.json()["items"] == []
