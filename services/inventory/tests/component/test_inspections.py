"""Goods that wait for an inspection are released, frozen or rejected, in parts (A5)."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.inventory import InspectionRecorded, StockStatusChanged
from contracts.purchasing import PurchaseLine
from servicekit.clock import now, shifted

MILK = {
    "item_id": "milk",
    "name": "Milk",
    "base_unit": "l",
    "scale": 0,
    "tracking": "batch",
    "inspect_on_receipt": True,
}


@pytest.fixture
async def dairy(shop: Any) -> Any:
    """Return a shop that sells milk, by batch and never uninspected."""
    answer = await shop.post("/items/import", {"items": [MILK]}, "master_data")
    assert answer.json()["refused"] == []
    return shop


async def receive(shop: Any, quantity: str, batch: str = "L1", **more: Any) -> None:
    """Let a receipt of a batch be booked."""
    posted = shop.receipt(("milk", quantity))
    line = {**posted.lines[0].model_dump(), "batch_id": batch, **more}
    lines = (PurchaseLine.model_validate(line),)
    await shop.service.deliver(posted.model_copy(update={"lines": lines}))
    assert await shop.parked() == []


def inspection(*parts: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "site_id": "north",
        "warehouse_id": "main",
        "item_id": "milk",
        "batch_id": "L1",
        "parts": [
            {"decision": decision, "quantity": quantity, "reason": f"{decision}d"}
            for decision, quantity in parts
        ],
        **more,
    }


async def inspect(shop: Any, *parts: tuple[str, str], **more: Any) -> Any:
    return await shop.post("/inspections", inspection(*parts, **more), "clerk")


def figures(balance: Any) -> tuple[str, str, str]:
    return balance["available"], balance["in_inspection"], balance["frozen"]


async def test_goods_to_be_inspected_are_on_hand_and_not_available(dairy: Any) -> None:
    await receive(dairy, "10")
    assert figures(await dairy.stock("milk")) == ("0", "10", "0")
    (waiting,) = (await dairy.get("/inspections/open", "clerk", ["north"]))["items"]
    assert (waiting["batch_id"], waiting["waiting"], waiting["age_hours"]) == ("L1", "10", 0)


async def test_a_result_takes_each_part_its_own_way(dairy: Any) -> None:
    await receive(dairy, "10")
    parts = [("release", "6"), ("freeze", "1"), ("reject", "2")]
    answer = await inspect(dairy, *parts, sample_size="2", findings="two were sour")
    assert answer.status_code == 201, answer.text
    assert figures(await dairy.stock("milk")) == ("6", "1", "3")
    entries = (await dairy.get("/ledger", site_id="north", item_id="milk"))["items"][1:]
    assert [(one["source"], one["target"], one["quantity"]) for one in entries] == [
        ("in_inspection", "available", "6"),
        ("in_inspection", "frozen", "1"),
        ("in_inspection", "frozen", "2"),
    ]
    assert {one["document_id"] for one in entries} == {answer.json()["document_id"]}
    (fact,) = await dairy.facts(InspectionRecorded)
    assert (fact.released, fact.frozen, fact.rejected) == (6, 1, 2)
    assert [one.sequence for one in await dairy.facts(StockStatusChanged)] == [2, 3, 4]
    shown = await dairy.get(f"/inspections/{answer.json()['inspection_id']}")
    assert shown == answer.json()
    assert [part["reason"] for part in shown["parts"]] == ["released", "freezed", "rejectd"]
    assert await dairy.books_agree()


async def test_no_more_is_decided_on_than_waits(dairy: Any) -> None:
    await receive(dairy, "10")
    answer = await inspect(dairy, ("release", "6"), ("freeze", "5"))
    assert (answer.status_code, answer.json()["code"]) == (409, "more_than_held")
    assert figures(await dairy.stock("milk")) == ("0", "10", "0")


async def test_of_two_inspections_at_once_one_is_refused(dairy: Any) -> None:
    await receive(dairy, "10")
    answers = await dairy.at_once(*(inspect(dairy, ("release", "7")) for _ in range(4)))
    assert sorted(one.status_code for one in answers)[0] == 201
    assert all(one.status_code in (409, 422) for one in answers if one.status_code != 201)
    assert figures(await dairy.stock("milk")) == ("7", "3", "0")
    assert await dairy.books_agree()


async def test_what_came_first_is_inspected_first_and_ages(dairy: Any) -> None:
    await receive(dairy, "10")
    with shifted(timedelta(hours=5)):
        await receive(dairy, "4")
        assert (await inspect(dairy, ("release", "8"))).status_code == 201
    with shifted(timedelta(hours=30)):
        page = await dairy.get("/inspections/open", limit=1)
        (first,) = page["items"]
        page = await dairy.get("/inspections/open", limit=1, cursor=page["next_cursor"])
        (second,) = page["items"]
    assert [(one["waiting"], one["age_hours"]) for one in (first, second)] == [("2", 30), ("4", 25)]
    assert page["next_cursor"] is None


async def test_frozen_goods_are_released_or_rejected_by_an_inspection(dairy: Any) -> None:
    await receive(dairy, "10")
    await inspect(dairy, ("freeze", "10"))
    answer = await inspect(dairy, ("release", "4"), ("reject", "6"), source="frozen")
    assert answer.status_code == 201, answer.text
    assert figures(await dairy.stock("milk")) == ("4", "0", "6")
    refused = await inspect(dairy, ("freeze", "1"), source="frozen")
    assert refused.json()["code"] == "frozen_already"


async def test_what_is_past_its_expiry_is_not_released(dairy: Any) -> None:
    yesterday: date = now().date() - timedelta(days=2)
    await receive(dairy, "10", expires_on=yesterday)
    answer = await inspect(dairy, ("release", "1"))
    assert (answer.status_code, answer.json()["code"]) == (409, "expired_stays_frozen")
    assert (await inspect(dairy, ("reject", "10"))).status_code == 201


async def test_inspections_are_listed_for_the_callers_sites(dairy: Any) -> None:
    await receive(dairy, "10")
    for _ in range(3):
        await inspect(dairy, ("release", "1"))
    first = await dairy.get("/inspections", "clerk", ["north"], limit=2)
    second = await dairy.get("/inspections", "clerk", ["north"], cursor=first["next_cursor"])
    assert (len(first["items"]), len(second["items"])) == (2, 1)
    assert (await dairy.get("/inspections", "clerk", ["south"]))["items"] == []
    assert (await dairy.get("/inspections/open", "clerk", ["south"]))["items"] == []


async def test_only_inspectors_of_the_site_inspect(dairy: Any) -> None:
    body = inspection(("release", "1"))
    assert (await dairy.post("/inspections", body, "finance")).status_code == 403
    assert (await dairy.post("/inspections", body, "clerk", ["south"])).status_code == 403
