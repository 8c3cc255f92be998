"""Batches and serial numbers over HTTP: named when they come in, proposed by their expiry."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from pyarrow import parquet

from contracts.inventory import StockReceived
from contracts.purchasing import GoodsReceiptPosted, PurchaseLine
from servicekit.clock import now

ITEMS = [
    {
        "item_id": "milk",
        "name": "Milk",
        "base_unit": "EA",
        "scale": 0,
        "tracking": "batch",
        "shelf_life_days": 10,
        "no_sale_days": 2,
    },
    {
        "item_id": "phone",
        "name": "Phone",
        "base_unit": "EA",
        "scale": 0,
        "tracking": "serial",
        "gtin": "4006381333931",
    },
    {
        "item_id": "meat",
        "name": "Meat",
        "base_unit": "kg",
        "scale": 3,
        "inspect_on_receipt": True,
    },
]


def in_days(days: int) -> date:
    return now().astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=days)


def named(shop: Any, item_id: str, quantity: str, **naming: Any) -> GoodsReceiptPosted:
    """Return a receipt whose only line names its goods."""
    receipt: GoodsReceiptPosted = shop.receipt((item_id, quantity))
    line = {**receipt.lines[0].model_dump(), **naming}
    return receipt.model_copy(update={"lines": (PurchaseLine.model_validate(line),)})


@pytest.fixture
async def dairy(shop: Any) -> Any:
    """Return a shop that keeps items told apart by batch and by serial number."""
    answer = await shop.post("/items/import", {"items": ITEMS}, "master_data")
    assert answer.json()["refused"] == []
    return shop


async def take_in(shop: Any, batch_id: str, quantity: str, days: int) -> None:
    fact = named(shop, "milk", quantity, batch_id=batch_id, expires_on=in_days(days))
    await shop.service.deliver(fact)


async def test_a_receipt_makes_its_batches_known(dairy: Any) -> None:
    """B5."""
    made = in_days(-1)
    await dairy.service.deliver(named(dairy, "milk", "5", batch_id="L1", manufactured_on=made))
    known = (await dairy.get("/items/milk/batches"))["items"]
    assert [(one["batch_id"], one["expires_on"]) for one in known] == [("L1", str(in_days(9)))]
    again = named(dairy, "milk", "5", batch_id="L1")
    await dairy.service.deliver(again)
    assert (await dairy.stock("milk"))["on_hand"] == "10"


@pytest.mark.parametrize(
    ("naming", "code"),
    [
        ({}, "managed by batch"),
        ({"batch_id": "L9"}, "shelf life"),
        ({"batch_id": "L1", "expires_on": date(2020, 1, 1)}, "is known with"),
    ],
)
async def test_a_receipt_that_names_no_batch_or_another_is_parked_whole(
    dairy: Any, naming: Any, code: str
) -> None:
    """B5."""
    await take_in(dairy, "L1", "5", 5)
    await dairy.service.deliver(named(dairy, "milk", "5", **naming))
    assert code in (await dairy.parked())[0]["error"]
    assert (await dairy.stock("milk"))["on_hand"] == "5"


async def test_a_batch_is_registered_before_it_arrives_and_other_dates_are_refused(
    dairy: Any,
) -> None:
    """B5."""
    path, body = "/items/milk/batches", {"batch_id": "L1", "expires_on": str(in_days(5))}
    assert (await dairy.post(path, body, "clerk")).status_code == 201
    more = {**body, "process_version": "P2", "attributes": {"field": "north"}}
    answer = await dairy.post(path, more, "clerk")
    assert (answer.status_code, answer.json()["process_version"]) == (200, "P2")
    for wrong, code in (
        ({**body, "expires_on": str(in_days(6))}, "batch_differs"),
        ({"batch_id": "L2"}, "batch_undated"),
        ({**body, "batch_id": "L3", "manufactured_on": str(in_days(6))}, "batch_dates_crossed"),
    ):
        assert (await dairy.post(path, wrong, "clerk")).json()["code"] == code
    answer = await dairy.post("/items/tea/batches", body, "clerk")
    assert (answer.status_code, answer.json()["code"]) == (422, "tracking_unused")


async def test_batches_are_proposed_by_expiry_and_those_left_out_say_why(dairy: Any) -> None:
    """B5."""
    for batch_id, days in (("late", 9), ("soon", 3), ("near", 1), ("old", -1)):
        await take_in(dairy, batch_id, "4", days)
    place = {"site_id": "north", "warehouse_id": "main", "item_id": "milk"}
    proposal = await dairy.get("/stock/proposals", **place, quantity="6")
    assert [(one["batch_id"], one["quantity"]) for one in proposal["picks"]] == [
        ("soon", "4"),
        ("late", "2"),
    ]
    assert [(one["batch_id"], one["code"]) for one in proposal["left_out"]] == [
        ("old", "batch_expired"),
        ("near", "batch_in_no_sale_window"),
    ]
    assert (await dairy.get("/stock/proposals", **place, quantity="9"))["missing"] == "1"


async def test_units_are_known_by_their_numbers_and_where_they_are(dairy: Any) -> None:
    """B5, H4."""
    await dairy.service.deliver(named(dairy, "phone", "2", serials=("S1", "S2"), batch_id="L1"))
    units = (await dairy.get("/items/phone/serials"))["items"]
    assert [(one["serial_no"], one["state"], one["warehouse_id"]) for one in units] == [
        ("S1", "in_stock", "main"),
        ("S2", "in_stock", "main"),
    ]
    assert units[0]["trace_code"] == "(01)04006381333931(10)L1(21)S1"
    assert (await dairy.facts(StockReceived))[-1].serials == ("S1", "S2")
    await dairy.service.deliver(named(dairy, "phone", "1", serials=("S2",)))
    assert "S2" in (await dairy.parked())[0]["error"]
    await dairy.service.deliver(named(dairy, "phone", "2", serials=("S3",)))
    assert (await dairy.stock("phone"))["on_hand"] == "2"
    headers = dairy.service.headers(["clerk"], ["south"])
    answer = await dairy.service.api.get("/items/phone/serials", headers=headers)
    assert answer.json()["items"] == []


async def test_a_shipment_names_exactly_the_units_that_are_held(dairy: Any) -> None:
    """B5, H4."""
    await dairy.service.deliver(named(dairy, "phone", "3", serials=("S1", "S2", "S3")))
    line = {"item_id": "phone", "quantity": "2", "unit": "EA", "serials": ["S1", "S3"]}
    place = {"site_id": "north", "warehouse_id": "main"}
    body = {**place, "order_id": str(uuid4()), "lines": [line]}
    answer = await dairy.post("/reservations", body)
    assert answer.status_code == 201, answer.text
    held = answer.json()
    await dairy.confirm(held)
    other = {**held, "lines": [{**held["lines"][0], "serials": ["S1", "S2"]}]}
    await dairy.service.deliver(dairy.shipment(other))
    (parked,) = await dairy.parked()
    assert "ShippedUnitsDiffer" in parked["error"]
    assert (await dairy.stock("phone"))["allocated"] == "2"
    await dairy.service.deliver(dairy.shipment(held))
    units = (await dairy.get("/items/phone/serials"))["items"]
    states = {one["serial_no"]: one["state"] for one in units}
    assert states == {"S1": "shipped", "S2": "in_stock", "S3": "shipped"}
    assert await dairy.books_agree()


async def test_who_confirms_is_told_until_when_the_batches_may_be_sold(dairy: Any) -> None:
    """B5: two days before its expiry milk is not sold any more."""
    await take_in(dairy, "L1", "5", 9)
    await dairy.receive(("tea", "5"))
    lines = [
        {"item_id": "tea", "quantity": "1", "unit": "box"},
        {"item_id": "milk", "quantity": "1", "unit": "EA", "batch_id": "L1"},
    ]
    confirmed = await dairy.confirm(await dairy.held(lines=lines))
    dates = {"expires_on": str(in_days(9)), "sellable_until": str(in_days(7))}
    assert confirmed.json()["dates"] == [{"line_no": 2, **dates}]


async def test_a_gtin_stands_for_one_item(dairy: Any) -> None:
    """H4."""
    other = {**ITEMS[1], "item_id": "other"}
    twin = {**ITEMS[0], "item_id": "twin", "gtin": "96385074"}
    again = {**twin, "item_id": "again"}
    body = {"items": [other, twin, again]}
    report = (await dairy.post("/items/import", body, "master_data")).json()
    refused = [(one["id"], one["code"]) for one in report["refused"]]
    assert refused == [("other", "gtin_taken"), ("again", "gtin_taken")]
    assert report["accepted"] == 1


async def test_trace_codes_given_by_others_are_kept_and_exported(dairy: Any) -> None:
    """H4."""
    await dairy.service.deliver(named(dairy, "phone", "2", serials=("S1", "S2")))
    path, code = "/items/phone/trace-codes", "81234567890123456789"
    answer = await dairy.post(path, {"codes": {"S1": code}}, "clerk")
    assert answer.status_code == 204
    for codes, wrong in (({"S2": code}, "trace_code_taken"), ({"S9": "x"}, "unknown_serial")):
        assert (await dairy.post(path, {"codes": codes}, "clerk")).json()["code"] == wrong
    headers = dairy.service.headers(["clerk"], ["*"])
    sheet = await dairy.service.api.get(f"{path}.csv", headers=headers)
    assert sheet.text.splitlines()[1:] == [
        f"phone,S1,{code},,in_stock,north,main",
        "phone,S2,(01)04006381333931(21)S2,,in_stock,north,main",
    ]


async def test_trace_codes_come_as_files_of_every_form(dairy: Any) -> None:
    """H4, H6: one after the other, if one file does not take them all."""
    await dairy.service.deliver(named(dairy, "phone", "2", serials=("S1", "S2")))
    headers = dairy.service.headers(["clerk"], ["*"])
    link, found = "/items/phone/trace-codes/export?form=parquet&limit=1", list[Any]()
    for more in (True, False):
        answer = await dairy.service.api.get(link, headers=headers)
        found += parquet.read_table(io.BytesIO(answer.content)).to_pylist()
        assert ("Link" in answer.headers) is more
        link = answer.headers.get("Link", "<>").partition(">")[0].removeprefix("<")
    codes = [(one["serial_no"], one["trace_code"]) for one in found]
    assert codes == [(no, f"(01)04006381333931(21){no}") for no in ("S1", "S2")]
    for form, starts in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        path = f"/items/phone/trace-codes/export?form={form}"
        assert (await dairy.service.api.get(path, headers=headers)).content.startswith(starts)


async def test_goods_wait_for_an_inspection_where_item_or_warehouse_requires_it(
    dairy: Any,
) -> None:
    """A5."""
    body = {"warehouse_id": "lab", "name": "Lab", "inspect_on_receipt": True}
    await dairy.post("/sites/north/warehouses", body, "master_data")
    await dairy.receive(("meat", "1.5"))
    await dairy.receive(("tea", "2"), warehouse="lab")
    meat, tea = await dairy.stock("meat"), await dairy.stock("tea", warehouse="lab")
    assert (meat["on_hand"], meat["in_inspection"], meat["available"]) == ("1.5", "1.5", "0")
    assert (tea["in_inspection"], tea["available"]) == ("2", "0")
    rules = [
        (await dairy.get("/ledger", site_id="north", item_id=item_id))["items"][0]["rule"]
        for item_id in ("meat", "tea")
    ]
    assert rules == ["inspect_on_receipt:item:meat", "inspect_on_receipt:warehouse:lab"]
    assert await dairy.books_agree()
