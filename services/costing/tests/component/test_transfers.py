"""Goods in transit between two sites, issues and reversals, on the database (E1, E2, E5, E7)."""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.inventory import (
    StockArrived,
    StockDispatched,
    StockFact,
    StockGained,
    StockIssued,
    StockReceived,
    StockReversed,
    StockShipped,
    StockStatusChanged,
)
from servicekit import clock
from servicekit.clock import now

HERE, THERE = "depot", "shop"


class Ledgers:
    """What inventory would tell of one item: each site's entries are numbered by themselves."""

    def __init__(self, item_id: str = "i") -> None:
        self.item_id = item_id
        self.facts: list[StockFact] = []

    def tell(self, kind: type[StockFact], site_id: str, quantity: str, **more: Any) -> StockFact:
        """Write the next entry of a site."""
        number = sum(one.site_id == site_id for one in self.facts) + 1
        common: dict[str, Any] = {
            "site_id": site_id,
            "item_id": self.item_id,
            "sequence": number,
            "warehouse_id": "floor",
            "quantity": Decimal(quantity),
            "document_id": UUID(int=number),
            "document_number": f"{site_id}-{number}",
            "line_no": 1,
            "effective_at": now(),
            "posted_at": now(),
        }
        fact = kind(**common, **more)
        self.facts.append(fact)
        return fact

    def receive(self, site_id: str, quantity: str, cost: str) -> StockFact:
        """Buy goods in."""
        return self.tell(StockReceived, site_id, quantity, unit_cost=Decimal(cost), currency="USD")

    def send(self, site_id: str, to: str, quantity: str) -> StockFact:
        """Dispatch goods."""
        return self.tell(StockDispatched, site_id, quantity, to_site_id=to, to_warehouse_id="floor")

    def arrive(self, sent: StockFact, quantity: str, outstanding: str, site_id: str) -> StockFact:
        """Let goods arrive."""
        return self.tell(
            StockArrived,
            site_id,
            quantity,
            from_site_id=sent.site_id,
            dispatch_sequence=sent.sequence,
            dispatched=sent.quantity,
            outstanding=Decimal(outstanding),
        )

    def reverse(self, one: StockFact, direction: str) -> StockFact:
        """Take an entry back."""
        return self.tell(
            StockReversed,
            one.site_id,
            str(one.quantity),
            reverses=one.sequence,
            direction=direction,
        )


@pytest.fixture
def ledgers() -> Ledgers:
    """Return the ledgers of a depot and a shop that do all that can be done with an item."""
    made = Ledgers()
    made.receive(HERE, "10", "1.001")
    made.receive(THERE, "4", "2")
    first = made.send(HERE, THERE, "7")
    made.arrive(first, "3", "4", THERE)
    scrapped = made.tell(StockIssued, THERE, "2", reason="scrap", batch_id="B7")
    made.tell(StockStatusChanged, THERE, "1", source="available", target="frozen")
    made.reverse(scrapped, "in")
    rest = made.arrive(first, "4", "0", THERE)
    made.tell(StockShipped, THERE, "5", order_id=UUID(int=9))
    back = made.send(THERE, HERE, "2")
    made.arrive(back, "2", "0", HERE)
    made.reverse(rest, "out")
    made.tell(StockGained, HERE, "1", reason="stocktake")
    recalled = made.send(HERE, THERE, "3")
    made.reverse(recalled, "in")
    return made


async def ask(costing: Any, path: str, **params: Any) -> dict[str, Any]:
    answer = await costing.api.get(path, params=params, headers=costing.headers(["finance"]))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def books(costing: Any, item_id: str = "i") -> list[dict[str, Any]]:
    """Return all entries of both sites, without when they were made."""
    found = []
    for site_id in (HERE, THERE):
        page = await ask(costing, f"/costs/{site_id}/{item_id}/entries")
        found += [{**one, "item_id": None, "costed_at": None} for one in page["items"]]
    return found


async def transits(costing: Any, item_id: str = "i") -> list[tuple[str, int, str, str]]:
    page = await ask(costing, "/transit")
    return [
        (one["from_site_id"], one["dispatch_sequence"], one["quantity"], one["value"])
        for one in page["items"]
        if one["item_id"] == item_id
    ]


async def sequences(costing: Any) -> list[int]:
    return [(await ask(costing, f"/costs/{site}/i"))["sequence"] for site in (HERE, THERE)]


async def test_what_was_sent_is_in_transit_until_it_arrives(costing: Any) -> None:
    made = Ledgers()
    made.receive(HERE, "10", "1.001")
    sent = made.send(HERE, THERE, "10")
    await costing.deliver(made.facts)
    assert await transits(costing) == [(HERE, 2, "10", "10.01")]
    await costing.deliver(made.arrive(sent, "4", "6", THERE))
    assert await transits(costing) == [(HERE, 2, "6", "6.01")]
    assert await ask(costing, "/reports/transit") == {"value": "6.01", "dispatches": 1}
    await costing.deliver(made.arrive(sent, "6", "0", THERE))
    assert await transits(costing) == []
    assert (await ask(costing, f"/costs/{THERE}/i"))["value"] == "10.01"


async def test_an_arrival_waits_and_goes_on_as_soon_as_its_dispatch_has_a_value(
    costing: Any,
) -> None:
    made = Ledgers()
    received, sent = made.receive(HERE, "10", "1"), made.send(HERE, THERE, "10")
    arrived = made.arrive(sent, "10", "0", THERE)
    sold = made.tell(StockShipped, THERE, "1", order_id=UUID(int=9))
    await costing.deliver([arrived, sold])
    assert await sequences_of(costing, THERE) == 0
    await costing.deliver(sent)
    assert await sequences_of(costing, THERE) == 0
    await costing.deliver(received)
    assert await sequences(costing) == [2, 2]
    assert [one.sequence for one in await costing.events()] == [2]


async def sequences_of(costing: Any, site_id: str) -> int:
    return int((await ask(costing, f"/costs/{site_id}/i"))["sequence"])


async def test_goods_that_cross_on_their_way_don_t_wait_for_each_other(costing: Any) -> None:
    made = Ledgers()
    for site in (HERE, THERE):
        made.receive(site, "5", "2")
    there, back = made.send(HERE, THERE, "2"), made.send(THERE, HERE, "3")
    made.arrive(back, "3", "0", HERE)
    made.arrive(there, "2", "0", THERE)
    for fact in reversed(made.facts):
        await costing.deliver(fact)
    assert await sequences(costing) == [3, 3]
    assert await transits(costing) == []


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_and_any_repeats_give_the_same_entries(
    costing: Any, ledgers: Ledgers, seed: int
) -> None:
    """E2: of every kind of movement, over two sites."""
    await costing.deliver([one.model_copy(update={"item_id": "j"}) for one in ledgers.facts])
    chance = random.Random(seed)  # noqa: S311 - a repeatable order, no secret
    shuffled = [*ledgers.facts, *ledgers.facts]
    chance.shuffle(shuffled)
    while shuffled:
        size = chance.randint(1, 5)
        await costing.deliver(shuffled[:size])
        del shuffled[:size]
    assert await books(costing) == await books(costing, "j")
    assert await transits(costing) == await transits(costing, "j")
    assert len(await books(costing)) == len(ledgers.facts)


async def test_workers_that_take_different_streams_let_each_other_go_on(costing: Any) -> None:
    """E2: forty items cross between two sites while two workers apply a site each."""
    worlds = [Ledgers(f"i-{number}") for number in range(40)]
    for made in worlds:
        for site in (HERE, THERE):
            made.receive(site, "9", "2")
        for _ in range(3):
            there, back = made.send(HERE, THERE, "2"), made.send(THERE, HERE, "3")
            made.arrive(back, "3", "0", HERE)
            made.arrive(there, "2", "0", THERE)

    async def work(site_id: str, *, backwards: bool) -> None:
        heard = [one for made in worlds for one in made.facts if one.site_id == site_id]
        for start in range(0, len(heard), 7):
            part = heard[start : start + 7]
            await costing.deliver(part[::-1] if backwards else part)

    async with asyncio.timeout(60):
        await asyncio.gather(work(HERE, backwards=False), work(THERE, backwards=True))
    costs = await ask(costing, "/costs", limit=1000)
    assert {one["sequence"] for one in costs["items"]} == {7}
    assert (await ask(costing, "/transit"))["items"] == []
    assert sum(Decimal(one["value"]) for one in costs["items"]) == 40 * 36


async def test_an_entry_says_what_it_was_and_which_document_is_behind_it(
    costing: Any, ledgers: Ledgers
) -> None:
    """E4."""
    await costing.deliver(ledgers.facts)
    shown = {(one["site_id"], one["sequence"]): one for one in await books(costing)}
    scrapped, frozen, mended = shown[THERE, 3], shown[THERE, 4], shown[THERE, 5]
    assert (scrapped["kind"], scrapped["reason"], scrapped["batch_id"]) == ("issue", "scrap", "B7")
    assert scrapped["document_number"] == f"{THERE}-3"
    assert (frozen["kind"], frozen["quantity"], frozen["value"]) == ("status", "0", "0")
    assert (mended["kind"], mended["reverses"], mended["value"]) == ("reversal", 3, "3.14")
    assert (shown[THERE, 6]["dispatch_site_id"], shown[THERE, 6]["dispatch_sequence"]) == (HERE, 2)


async def test_what_a_reversal_could_not_take_back_is_shown(costing: Any) -> None:
    made = Ledgers()
    made.receive(HERE, "10", "1")
    dear = made.receive(HERE, "10", "9")
    made.tell(StockIssued, HERE, "9", reason="issue")
    made.reverse(dear, "out")
    await costing.deliver(made.facts)
    last = (await books(costing))[-1]
    assert (last["value"], last["variance"], last["value_after"]) == ("-55", "35", "0")


async def test_what_can_not_be_taken_back_is_parked(costing: Any) -> None:
    made = Ledgers()
    received = made.receive(HERE, "10", "1")
    made.reverse(received.model_copy(update={"sequence": 7}), "out")
    await costing.deliver(made.facts)
    answer = await ask_parked(costing)
    assert "can't take back entry 7" in answer[0]["error"]


async def ask_parked(costing: Any) -> Sequence[dict[str, Any]]:
    answer = await costing.api.get("/ops/parked", headers=costing.headers(["operator"]))
    return list(answer.json()["items"])


async def test_a_kept_fact_that_can_not_be_true_holds_up_only_its_own_stream(costing: Any) -> None:
    made = Ledgers()
    received, sent = made.receive(HERE, "10", "1"), made.send(HERE, THERE, "10")
    arrived = made.arrive(sent, "10", "0", THERE)
    untrue = made.tell(StockShipped, THERE, "11", order_id=UUID(int=9))
    await costing.deliver([arrived, untrue])
    await costing.deliver([received, sent])
    assert await sequences(costing) == [2, 1]
    assert await ask_parked(costing) == []


async def test_a_gain_in_another_currency_is_parked(costing: Any) -> None:
    made = Ledgers()
    made.tell(StockGained, HERE, "1", reason="receipt", unit_cost=Decimal(1), currency="EUR")
    await costing.deliver(made.facts)
    assert "EUR" in (await ask_parked(costing))[0]["error"]


async def test_a_dispatch_that_never_came_is_asked_of_inventory(costing: Any, peer: Any) -> None:
    made = Ledgers()
    made.receive(HERE, "10", "1")
    made.arrive(made.send(HERE, THERE, "10"), "10", "0", THERE)
    peer.facts = made.facts
    await costing.deliver(made.facts[-1])
    with clock.shifted(timedelta(seconds=3)):
        await costing.run_job("fill_gaps")
    assert await sequences(costing) == [2, 1]


async def test_an_arrival_where_nothing_was_sent_to_goes_on_with_the_next_round(
    costing: Any, peer: Any
) -> None:
    """Nobody who values the dispatch knows of this stream; it finds out by itself."""
    made = Ledgers()
    received, sent = made.receive(HERE, "10", "1"), made.send(HERE, "elsewhere", "10")
    peer.facts = [received, sent]
    await costing.deliver(made.arrive(sent, "10", "0", THERE))
    await costing.deliver([received, sent])
    with clock.shifted(timedelta(seconds=3)):
        await costing.run_job("fill_gaps")
    assert await sequences(costing) == [2, 1]


async def test_a_rebuild_values_every_kind_and_finds_the_same(
    costing: Any, peer: Any, ledgers: Ledgers
) -> None:
    """E2: also where the archive gives rows in another order than they happened."""
    peer.facts = sorted(ledgers.facts, key=lambda one: one.site_id, reverse=True)
    await costing.deliver(ledgers.facts)
    asked = await costing.api.post("/rebuilds", headers=costing.headers(["finance"]))
    await costing.run_job("run_rebuilds")
    found = await ask(costing, f"/rebuilds/{asked.json()['rebuild_id']}")
    assert (found["status"], found["failure"], found["differences"]) == ("done", None, [])
    assert found["entries"] == len(ledgers.facts)


async def test_a_rebuild_follows_another_value_through_transit_and_reversal(
    costing: Any, peer: Any
) -> None:
    made = Ledgers()
    received, sent = made.receive(HERE, "10", "1"), made.send(HERE, THERE, "10")
    made.reverse(made.arrive(sent, "10", "0", THERE), "out")
    await costing.deliver(made.facts)
    dearer = received.model_copy(update={"unit_cost": Decimal(2)})
    peer.facts = [dearer, *made.facts[1:]]
    asked = await costing.api.post("/rebuilds", headers=costing.headers(["finance"]))
    await costing.run_job("run_rebuilds")
    found = await ask(costing, f"/rebuilds/{asked.json()['rebuild_id']}")
    assert [(one["rebuilt"], one["live"]) for one in found["differences"]] == [
        ("20", "10"),
        ("-20", "-10"),
        ("20", "10"),
        ("-20", "-10"),
    ]


async def test_goods_in_transit_are_listed_by_site_and_in_pages(costing: Any) -> None:
    for item_id in "abc":
        made = Ledgers(item_id)
        made.receive(HERE, "10", "1")
        made.send(HERE, THERE, "4")
        await costing.deliver(made.facts)
    seen, cursor = [], None
    for _ in range(3):
        page = await ask(costing, "/transit", limit=1, **({"cursor": cursor} if cursor else {}))
        seen += [one["item_id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (["a", "b", "c"], None)
    assert len((await ask(costing, "/transit", site_id=THERE))["items"]) == 3
    assert (await ask(costing, "/transit", site_id="elsewhere"))["items"] == []
    bad = await costing.api.get(
        "/transit", params={"cursor": "WyJhIl0="}, headers=costing.headers(["finance"])
    )
    assert (bad.status_code, bad.json()["code"]) == (400, "bad_cursor")
