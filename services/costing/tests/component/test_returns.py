"""A return takes back what its shipment had cost, once (B7)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts.costing import (
    CostOfSalesCorrected,
    GoodsReturnedCosted,
    GoodsSoldCosted,
    ReturnReversalCosted,
)
from contracts.inventory import StockReturned, StockReturnReversed
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
    await costing.deliver([*ledger(10, -3), back(3, "4", "0")])
    headers = costing.headers(["operator"])
    (parked,) = (await costing.api.get("/ops/parked", headers=headers)).json()["items"]
    assert parked["error"].startswith("NotReversible")


def undone(sequence: int, quantity: str, of: int, before: str = "0") -> StockReturnReversed:
    """Return the fact that a part of return `of`, of what entry 2 shipped, was a mistake."""
    return StockReturnReversed(
        site_id="s",
        item_id="i",
        sequence=sequence,
        warehouse_id="floor",
        quantity=Decimal(quantity),
        document_id=UUID(int=901),
        document_number="RV-1",
        line_no=1,
        effective_at=now(),
        posted_at=now(),
        reverses=of,
        shipped_by=2,
        reversed_before=Decimal(before),
        source="available",
        return_id=RETURN,
        shipment_id=UUID(int=2),
        shipment_line_no=1,
        order_id=UUID(int=1002),
    )


async def test_a_return_that_was_a_mistake_is_cost_of_sales_again(
    costing: Any, ledger: Any
) -> None:
    """A1: in the parts it is taken out in, which are told one by one."""
    parts = undone(4, "1", of=3), undone(5, "1", of=3, before="1")
    await costing.deliver([*ledger(10, -3), back(3, "2", "0"), *parts])
    told = [one for one in await costing.events() if isinstance(one, ReturnReversalCosted)]
    assert [(one.return_id, str(one.cost)) for one in told] == [(RETURN, "1.34"), (RETURN, "1.33")]
    assert await read(costing, "/reports/cogs") == {
        "cogs": "4",
        "corrections": "0",
        "units": "3",
        "lines": 1,
    }


async def test_what_others_were_sold_at_meanwhile_is_told_as_a_correction(
    costing: Any, ledger: Any
) -> None:
    """A1: nothing is left on hand, and all that was paid for goods is cost of sales."""
    bought, sold, more = ledger(10, -3, 5)
    dearer = more.model_copy(update={"unit_cost": Decimal(4)})
    changed = {"sequence": 5, "quantity": Decimal(12), "document_id": UUID(int=5)}
    other = sold.model_copy(update=changed)
    await costing.deliver([bought, sold, dearer, back(4, "3", "0"), other, undone(6, "3", of=4)])
    entries = (await read(costing, "/costs/s/i/entries"))["items"]
    assert [one["value"] for one in entries[4:]] == ["-26.66", "-6.67"]
    cogs = await read(costing, "/reports/cogs")
    assert (cogs["cogs"], cogs["corrections"], cogs["units"]) == ("33.33", "2.67", "15")
    (corrected,) = [one for one in await costing.events() if isinstance(one, CostOfSalesCorrected)]
    assert (str(corrected.amount), corrected.receipt_sequence) == ("2.67", 4)
    assert corrected.cause == "return_reversal"


@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 4, 3, 0, 1)])
async def test_mistakes_are_valued_alike_in_any_order_and_found_by_a_rebuild(
    costing: Any, peer: Any, ledger: Any, order: tuple[int, ...]
) -> None:
    """A1, E2: what comes back after a mistake takes what the mistake had."""
    facts = [*ledger(10, -3), back(3, "1", "0"), undone(4, "1", of=3), back(5, "3", "0")]
    for at in order:
        await costing.deliver([facts[at]])
    entries = (await read(costing, "/costs/s/i/entries"))["items"]
    assert [one["value"] for one in entries] == ["13.33", "-4", "1.33", "-1.33", "4"]
    peer.facts = facts
    headers = costing.headers(["finance"])
    asked = (await costing.api.post("/rebuilds", headers=headers)).json()
    await costing.run_job("run_rebuilds")
    found = await read(costing, f"/rebuilds/{asked['rebuild_id']}")
    assert (found["status"], found["entries"], found["differences"]) == ("done", 5, [])


async def test_returns_from_before_any_could_be_taken_back_count_too(
    costing: Any, ledger: Any
) -> None:
    """A1, B7: they name their shipment's entry as what they undo alone, and are never changed."""
    await costing.deliver(ledger(10, -3))
    async with costing.context.database.transaction() as session:
        await session.execute(
            text("""
            insert into value_entry (site_id, item_id, sequence, kind, quantity, value, unit_cost,
                quantity_after, value_after, document_id, document_number, line_no, posted_at,
                costed_at, reverses)
            values ('s', 'i', 3, 'return', 1, 1.33, 1.333, 8, 10.66, :document, 'RT-1', 1, now(),
                now(), 2)
            """),
            {"document": UUID(int=900)},
        )
        await session.execute(
            text("update valuation set sequence = 3, quantity = 8, value = value + 1.33")
        )
    await costing.deliver([back(4, "1", "1"), back(5, "1", "2")])
    entries = (await read(costing, "/costs/s/i/entries"))["items"]
    assert [one["value"] for one in entries[3:]] == ["1.34", "1.33"]
