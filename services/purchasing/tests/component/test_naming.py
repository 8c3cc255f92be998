"""Receipts name batches and serial numbers before inventory hears of them (B5)."""

from typing import Any

import pytest

from contracts.inventory import ItemDefined
from contracts.purchasing import GoodsReceiptPosted

ITEMS = [
    ItemDefined(
        item_id="milk", name="Milk", base_unit="EA", scale=0, tracking="batch", shelf_life_days=9
    ),
    ItemDefined(item_id="phone", name="Phone", base_unit="EA", scale=0, tracking="serial"),
]
MILK = {"batch_id": "L1", "manufactured_on": "2026-11-01"}
PHONE = {"serials": ["S1", "S2"]}


def line(item_id: str) -> dict[str, str]:
    return {"item_id": item_id, "quantity": "2", "unit": "EA", "unit_cost": "3"}


@pytest.fixture
async def order_id(desk: Any) -> str:
    """Return an order of milk and phones."""
    await desk.service.deliver(ITEMS)
    answer = await desk.order(lines=[line("milk"), line("phone")])
    assert answer.status_code == 201, answer.text
    return str(answer.json()["order_id"])


async def draft(desk: Any, order_id: str, milk: Any, phone: Any) -> Any:
    lines = [
        {"order_line_no": 1, "quantity": "2", **milk},
        {"order_line_no": 2, "quantity": "2", **phone},
    ]
    return await desk.send("/receipts", {"order_id": order_id, "lines": lines}, "clerk")


@pytest.mark.parametrize(
    ("milk", "phone", "code"),
    [
        ({}, PHONE, "batch_missing"),
        ({"batch_id": "L1"}, PHONE, "batch_undated"),
        (MILK, {}, "serials_missing"),
        (MILK, {"serials": ["S1"]}, "serials_missing"),
        ({**MILK, "serials": ["S1", "S2"]}, PHONE, "tracking_unused"),
    ],
)
async def test_a_draft_that_does_not_tell_its_goods_apart_is_refused(
    desk: Any, order_id: str, milk: Any, phone: Any, code: str
) -> None:
    answer = await draft(desk, order_id, milk, phone)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_what_a_receipt_names_is_kept_and_told(desk: Any, order_id: str) -> None:
    receipt = (await draft(desk, order_id, MILK, PHONE)).json()
    assert [one["batch_id"] for one in receipt["lines"]] == ["L1", ""]
    assert receipt["lines"][1]["serials"] == ["S1", "S2"]
    for step in ("audit", "post"):
        assert (await desk.step(receipt["receipt_id"], step)).status_code == 200
    events = await desk.service.events()
    posted = next(event for event in events if isinstance(event, GoodsReceiptPosted))
    assert str(posted.lines[0].manufactured_on) == "2026-11-01"
    assert posted.lines[1].serials == ("S1", "S2")


async def test_an_item_that_became_batch_managed_meanwhile_stops_the_audit(desk: Any) -> None:
    order = (await desk.order()).json()
    receipt = (await desk.draft(order["order_id"], (1, "1"))).json()
    tracked = ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0, tracking="batch")
    await desk.service.deliver(tracked)
    answer = await desk.step(receipt["receipt_id"], "audit")
    assert (answer.status_code, answer.json()["code"]) == (422, "batch_missing")


@pytest.mark.parametrize(
    ("change", "code"), [({"disabled": True}, "item_disabled"), ({"kit": True}, "kit_not_received")]
)
async def test_what_nobody_orders_any_more_is_not_ordered(
    desk: Any, change: Any, code: str
) -> None:
    """I1, B4."""
    await desk.service.deliver(
        ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0, **change)
    )
    answer = await desk.order()
    assert (answer.status_code, answer.json()["code"]) == (422, code)
