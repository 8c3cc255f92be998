"""A unit promised by its number is nobody else's until its order gives it back (B1, B5)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.inventory import ConditionRead
from contracts.purchasing import PurchaseLine
from contracts.sales import CustomerReturnPosted, ShipmentPosted
from inventory.main import SERVICE
from servicekit.clock import now
from servicekit.testing import running

PHONE = {"item_id": "phone", "name": "Phone", "base_unit": "EA", "scale": 0, "tracking": "serial"}
LIMITS = {
    "lowest_temperature": "-25",
    "highest_temperature": "-15",
    "temperature_hysteresis": "1",
    "tolerated_minutes": 10,
}


def unit(*serials: str) -> tuple[str, str, dict[str, Any]]:
    """Return a document's line of phones."""
    return "phone", str(len(serials)), {"unit": "EA", "serials": list(serials)}


@pytest.fixture
async def phones(shop: Any) -> Any:
    """Return a shop with the phones S1, S2 and S3."""
    await shop.post("/items/import", {"items": [PHONE]}, "master_data")
    posted = shop.receipt(("phone", "3"))
    line = {**posted.lines[0].model_dump(), "serials": ["S1", "S2", "S3"]}
    lines = (PurchaseLine.model_validate(line),)
    await shop.service.deliver(posted.model_copy(update={"lines": lines}))
    return shop


@pytest.fixture
async def rival(shop: Any) -> AsyncIterator[Any]:
    """Return a second process of the service on the same database."""
    async with running(SERVICE, shop.database.dsn) as service:
        yield type(shop)(service, shop.database)


async def promise(shop: Any, *serials: str) -> Any:
    """Return the answer to who wants these phones."""
    line = {"item_id": "phone", "quantity": str(len(serials)), "unit": "EA"}
    return await shop.reserve(lines=[line | {"serials": list(serials)}])


async def states(shop: Any) -> dict[str, str]:
    units = (await shop.get("/items/phone/serials"))["items"]
    return {one["serial_no"]: one["state"] for one in units}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("issue", {"reason": "display"}),
        ("scrap", {"reason": "broken"}),
        ("freeze", {"reason": "looks odd"}),
        ("transfer_dispatch", {"to_site_id": "south", "to_warehouse_id": "main"}),
    ],
)
async def test_no_document_takes_a_promised_unit_and_the_order_ships(
    phones: Any, desk: Any, kind: str, more: Any
) -> None:
    held = (await promise(phones, "S1")).json()
    document = await desk.draft(kind, unit("S2", "S1"), **more)
    if kind == "scrap":
        await desk.step(document, "approve", "finance")
    await desk.step(document, "audit")
    why = await desk.refused(document, "post")
    assert (why["code"], why["serial_no"]) == ("serial_held", "S1")
    assert why["order_id"] == held["order_id"]
    assert held["order_id"] in why["detail"]
    assert set((await states(phones)).values()) == {"in_stock"}
    await phones.confirm(held)
    await phones.service.deliver(phones.shipment(held))
    assert await phones.parked() == []
    assert (await states(phones))["S1"] == "shipped"
    assert await phones.books_agree()


async def test_a_unit_is_free_for_documents_once_its_order_lets_go(phones: Any, desk: Any) -> None:
    held = (await promise(phones, "S1")).json()
    document = await desk.draft("issue", unit("S1"), reason="display")
    await desk.step(document, "audit")
    assert (await desk.refused(document, "post"))["code"] == "serial_held"
    await phones.release(held)
    assert (await desk.step(document, "post"))["status"] == "posted"
    assert (await states(phones))["S1"] == "issued"


def all_back(left: ShipmentPosted) -> CustomerReturnPosted:
    """Return the fact that a shipment was posted by mistake: its goods are on the shelf."""
    line = left.lines[0].model_dump(mode="json") | {"shipment_line_no": 1, "returned_before": "0"}
    said = {
        **left.model_dump(mode="json", include={"shipment_id", "order_id", "site_id", "posted_at"}),
        **left.model_dump(mode="json", include={"warehouse_id", "currency", "posted_by", "number"}),
        "return_id": str(uuid4()),
        "shipment_number": left.number,
        "cause": "undelivered",
        "returned_at": now().isoformat(),
        "lines": [line],
        "reverses_shipment": True,
    }
    return CustomerReturnPosted.model_validate(said)


async def test_what_left_in_part_and_came_back_is_held_no_longer(phones: Any) -> None:
    held = (await promise(phones, "S1", "S2")).json()
    await phones.confirm(held)
    line = {**held["lines"][0], "quantity": "1", "serials": ["S1"]}
    left = phones.shipment(held | {"lines": [line]}, in_parts=True)
    await phones.service.deliver(left)
    assert (await promise(phones, "S2")).json()["code"] == "serial_held"
    await phones.service.deliver(all_back(left))
    assert await phones.parked() == []
    assert (await promise(phones, "S1")).status_code == 201
    line = {**held["lines"][0], "quantity": "1", "serials": ["S2"]}
    await phones.service.deliver(phones.shipment(held | {"lines": [line]}, in_parts=True))
    seen = await phones.get(f"/reservations/{held['reservation_id']}")
    assert seen["status"] == "fulfilled"
    assert await phones.books_agree()


async def test_a_rule_freezes_what_is_available_and_no_promised_unit(phones: Any) -> None:
    """H2: the first of the units by number is promised; the others are frozen."""
    await phones.post("/sites/north/warehouses/main/condition-limits", LIMITS, "shop_manager")
    held = (await promise(phones, "S1")).json()
    start = now() - timedelta(hours=1)
    place = {"device_id": "probe", "site_id": "north", "warehouse_id": "main"}
    warm = [
        ConditionRead.model_validate(
            {**place, "temperature_celsius": "-9.5", "at": start + timedelta(minutes=minute)}
        )
        for minute in (0, 5, 10, 15)
    ]
    await phones.service.deliver(warm)
    assert await states(phones) == {"S1": "in_stock", "S2": "frozen", "S3": "frozen"}
    await phones.confirm(held)
    await phones.service.deliver(phones.shipment(held))
    assert await phones.parked() == []
    assert await phones.books_agree()


async def test_of_a_document_and_an_order_at_once_exactly_one_gets_the_unit(
    phones: Any, desk: Any, rival: Any
) -> None:
    for serial_no in ("S1", "S2", "S3"):
        document = await desk.draft("issue", unit(serial_no), reason="display")
        await desk.step(document, "audit")
        path = f"/documents/{document['document_id']}/post"
        posted, held = await phones.at_once(desk.send(path), promise(rival, serial_no))
        assert sorted([posted.is_success, held.is_success]) == [False, True]
        refused = held if posted.is_success else posted
        assert refused.json()["code"] in ("serial_held", "serial_not_there")
    assert await phones.books_agree()
