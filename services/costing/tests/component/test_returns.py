"""A return takes back what its shipment had cost, once (B7)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.costing import GoodsReturnedCosted, GoodsSoldCosted
from contracts.inventory import StockReturned
from servicekit.clock import now

RETURN = UUID(int=900)


def back(sequence: int, quantity: str, before: str, of: int = 2) -> StockReturned:
    """Return the fact that a part of what entry `of` shipped came back."""
    return StockReturned(
        site_id="s",
        item_id="i",
        sequence=sequence,
        warehouse_id="floor",
        quantity=Decimal(quantity),
        document_id=RETURN,
        document_number="RT-1",
        line_no=1,
        effective_at=now(),
        posted_at=now(),
        reverses=of,
        returned_before=Decimal(before),
        shipment_id=UUID(int=of),
        shipment_line_no=1,
        order_id=UUID(int=1000 + of),
    )


async def read(costing: Any, path: str) -> Any:
    return (await costing.api.get(path, headers=costing.headers(["finance"]))).json()


async def test_a_return_takes_its_cost_back_and_says_of_which_entry(
    costing: Any, ledger: Any
) -> None:
    await costing.deliver([*ledger(10, -3), back(3, "1", "0")])
    sold, returned = await costing.events()
    assert isinstance(sold, GoodsSoldCosted)
    assert isinstance(returned, GoodsReturnedCosted)
    assert (returned.shipment_id, returned.cost) == (sold.shipment_id, Decimal("1.33"))
    costs = await read(costing, f"/returns/{RETURN}/costs")
    assert (costs["cost"], [line["reverses"] for line in costs["lines"]]) == ("1.33", [2])
    assert await read(costing, "/reports/cogs") == {
        "cogs": "2.67",
        "corrections": "0",
        "units": "2",
        "lines": 1,
    }


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 3, 0, 1)])
async def test_whatever_is_heard_of_first_the_same_is_taken_back(
    costing: Any, ledger: Any, order: tuple[int, ...]
) -> None:
    """E2: one by one, and each of them twice."""
    facts = [*ledger(10, -3), back(3, "1", "0"), back(4, "2", "1")]
    for at in order:
        await costing.deliver([facts[at]])
        await costing.deliver([facts[at]])
    entries = (await read(costing, "/costs/s/i/entries"))["items"]
    assert [one["value"] for one in entries] == ["13.33", "-4", "1.33", "2.67"]
    assert (await read(costing, "/reports/cogs"))["cogs"] == "0"


async def test_a_rebuild_finds_the_same_value_for_what_came_back(
    costing: Any, peer: Any, ledger: Any
) -> None:
    """E2."""
    peer.facts = [*ledger(10, -3), back(3, "1", "0"), back(4, "2", "1")]
    await costing.deliver(peer.facts)
    headers = costing.headers(["finance"])
    asked = (await costing.api.post("/rebuilds", headers=headers)).json()
    await costing.run_job("run_rebuilds")
    found = await read(costing, f"/rebuilds/{asked['rebuild_id']}")
    assert (found["status"], found["entries"], found["differences"]) == ("done", 4, [])


async def test_more_than_was_shipped_is_parked(costing: Any, ledger: Any) -> None:
    await costing.deliver([*ledger(10, -3), back(3, "2", "2")])
    headers = costing.headers(["operator"])
    (parked,) = (await costing.api.get("/ops/parked", headers=headers)).json()["items"]
    assert parked["error"].startswith("NotReversible")
