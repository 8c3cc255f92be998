"""Near-expiry goods are intercepted, and recalled ones frozen and followed everywhere (H3)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from contracts.inventory import (
    BatchExpired,
    BatchExpiring,
    RecallClosed,
    RecallOrdered,
    ReservationReleased,
    StockShipped,
    StockStatusChanged,
)
from contracts.purchasing import PurchaseLine
from inventory.quality.queries import expiry
from inventory.stock.domain import serial_order
from servicekit.clock import now, shifted

GOODS = [
    {"item_id": "milk", "name": "Milk", "base_unit": "l", "scale": 0, "tracking": "batch"},
    {"item_id": "fridge", "name": "Fridge", "base_unit": "EA", "scale": 0, "tracking": "serial"},
]


@pytest.fixture
async def dairy(shop: Any) -> Any:
    """Return a shop that sells milk by batch, and fridges by serial number."""
    answer = await shop.post("/items/import", {"items": GOODS}, "master_data")
    assert answer.json()["refused"] == []
    return shop


async def receive(shop: Any, item: str, quantity: str, batch: str, **more: Any) -> None:
    """Let a receipt of a batch be booked; `site` and `warehouse` say where."""
    place = {name: more.pop(name) for name in ("site", "warehouse") if name in more}
    posted = shop.receipt((item, quantity), **place)
    line = {**posted.lines[0].model_dump(), "batch_id": batch, **more}
    lines = (PurchaseLine.model_validate(line),)
    await shop.service.deliver(posted.model_copy(update={"lines": lines}))
    assert await shop.parked() == []


async def reserve(shop: Any, quantity: str, batch: str, serials: Sequence[str] = ()) -> Any:
    """Ask for milk, or for the fridges of some numbers."""
    goods = {"item_id": "fridge", "unit": "EA"} if serials else {"item_id": "milk", "unit": "l"}
    line = {**goods, "quantity": quantity, "batch_id": batch, "serials": list(serials)}
    place = {"site_id": "north", "warehouse_id": "main"}
    return await shop.post("/reservations", {**place, "order_id": str(uuid4()), "lines": [line]})


async def sell(shop: Any, quantity: str, batch: str) -> Any:
    """Reserve, pay and ship; return the shipment."""
    held = (await reserve(shop, quantity, batch)).json()
    assert (await shop.confirm(held)).status_code == 200
    shipped = shop.shipment(held)
    await shop.service.deliver(shipped)
    assert await shop.parked() == []
    return shipped


def order(*batches: str, **more: Any) -> dict[str, Any]:
    return {
        "number": f"RC-{uuid4().hex[:6]}",
        "item_id": "milk",
        "batches": list(batches),
        "recall_class": "I",
        "reason": "germs",
        **more,
    }


async def called_back(shop: Any, *batches: str, **more: Any) -> Any:
    answer = await shop.post("/recalls", order(*batches, **more), "operator")
    assert answer.status_code == 201, answer.text
    return answer.json()


def named(refused: Any) -> tuple[str, str]:
    """Return the number and the reason of the recall that a refusal names."""
    facts = refused.json()
    return facts["recall"], facts["reason"]


async def balance(shop: Any, batch: str, **place: str) -> Any:
    where = {"site_id": "north", "warehouse_id": "main", **place}
    page = await shop.get("/stock", item_id="milk", batch_id=batch, **where)
    return page["items"][0]


async def test_one_order_freezes_a_batch_everywhere(dairy: Any) -> None:
    await receive(dairy, "milk", "10", "L1")
    await receive(dairy, "milk", "4", "L1", site="south", warehouse="back")
    await receive(dairy, "milk", "6", "L2")
    recall = await called_back(dairy, "L1")
    assert (await balance(dairy, "L1"))["frozen"] == "10"
    assert (await balance(dairy, "L1", site_id="south", warehouse_id="back"))["frozen"] == "4"
    assert (await balance(dairy, "L2"))["available"] == "6"
    where = (await dairy.get(f"/recalls/{recall['recall_id']}/stock"))["items"]
    assert [(one["site_id"], one["frozen"], one["available"]) for one in where] == [
        ("north", "10", "0"),
        ("south", "4", "0"),
    ]
    (fact,) = await dairy.facts(RecallOrdered)
    assert (fact.batches, fact.recall_class) == (("L1",), "I")
    entries = (await dairy.get("/ledger", site_id="south", item_id="milk"))["items"]
    assert (entries[-1]["rule"], entries[-1]["user_id"]) == ("recalled", "rule:recalled")
    assert await dairy.books_agree()


async def test_promised_goods_are_let_go_of_and_nobody_is_promised_any(dairy: Any) -> None:
    await receive(dairy, "milk", "10", "L1")
    held = (await reserve(dairy, "3", "L1")).json()
    recall = await called_back(dairy, "L1")
    (released,) = await dairy.facts(ReservationReleased)
    assert (str(released.order_id), released.reason) == (held["order_id"], "recalled")
    listed = (await dairy.get(f"/recalls/{recall['recall_id']}/reservations"))["items"]
    assert [(one["order_id"], one["quantity"]) for one in listed] == [(held["order_id"], "3")]
    found = await balance(dairy, "L1")
    assert (found["allocated"], found["frozen"]) == ("0", "10")
    refused = await reserve(dairy, "1", "L1")
    assert (refused.status_code, refused.json()["code"]) == (409, "batch_blocked")
    assert named(refused) == (recall["number"], "germs")
    assert await dairy.books_agree()


async def test_every_refusal_of_called_back_goods_names_the_recall(dairy: Any) -> None:
    """H3, B3: also after it was closed, and the next one where there is another."""
    await receive(dairy, "milk", "10", "L1")
    first = await called_back(dairy, "L1")
    asked = {"site_id": "north", "warehouse_id": "main", "item_id": "milk", "quantity": "1"}
    why = await dairy.get("/reservations/explanations", **asked, batch_id="L1")
    assert (why["code"], why["facts"]["recall"]) == ("batch_blocked", first["number"])
    assert f"recall {first['number']} (germs)" in why["detail"]
    path = f"/recalls/{first['recall_id']}/close"
    await dairy.post(path, {"outcome": "completed"}, "operator")
    assert named(await reserve(dairy, "1", "L1")) == (first["number"], "germs")
    again = await called_back(dairy, "L1", reason="glass")
    assert named(await reserve(dairy, "1", "L1")) == (again["number"], "glass")
    path = f"/recalls/{again['recall_id']}/close"
    await dairy.post(path, {"outcome": "withdrawn"}, "operator")
    assert (await reserve(dairy, "1", "L1")).json()["code"] == "insufficient_stock"


async def test_what_comes_in_of_a_recalled_batch_is_frozen(dairy: Any) -> None:
    recall = await called_back(dairy, "L9")
    await receive(dairy, "milk", "5", "L9")
    await dairy.service.run_job("pursue_recalls")
    found = await balance(dairy, "L9")
    assert (found["available"], found["frozen"]) == ("0", "5")
    where = (await dairy.get(f"/recalls/{recall['recall_id']}/stock"))["items"]
    assert [one["frozen"] for one in where] == ["5"]


async def test_deliveries_are_followed_until_they_came_back_or_were_given_up(dairy: Any) -> None:
    await receive(dairy, "milk", "10", "L1")
    shipped = await sell(dairy, "4", "L1")
    recall = await called_back(dairy, "L1")
    path = f"/recalls/{recall['recall_id']}"
    (delivery,) = (await dairy.get(f"{path}/deliveries"))["items"]
    assert (delivery["document_number"], delivery["quantity"]) == (shipped.number, "4")
    assert delivery["order_id"] == str(shipped.order_id)
    back = {"site_id": "north", "sequence": delivery["sequence"], "fate": "recovered"}
    answer = await dairy.post(f"{path}/returns", back | {"quantity": "3"}, "clerk")
    assert answer.json()["outstanding"] == "1"
    refused = await dairy.post(f"{path}/returns", back | {"quantity": "2"}, "clerk")
    assert (refused.status_code, refused.json()["code"]) == (409, "more_than_outstanding")
    lost = back | {"quantity": "1", "fate": "written_off", "note": "drunk"}
    assert (await dairy.post(f"{path}/returns", lost, "clerk")).status_code == 201
    summary = await dairy.get(path)
    figures = ("shipped", "recovered", "written_off", "outstanding", "recovered_percent")
    assert [summary[name] for name in figures] == ["4", "3", "1", "0", "75"]
    said = (await dairy.get(f"{path}/returns"))["items"]
    assert [(one["fate"], one["quantity"]) for one in said] == [
        ("recovered", "3"),
        ("written_off", "1"),
    ]


async def test_every_part_of_an_order_is_followed_to_it(dairy: Any) -> None:
    """H3: a part that left before the recall names its order as the one does that ended it."""
    await receive(dairy, "milk", "10", "L1")
    held = (await reserve(dairy, "4", "L1")).json()
    await dairy.confirm(held)
    (line,) = held["lines"]
    for quantity in ("1", "3"):
        part = held | {"lines": [line | {"quantity": quantity}]}
        await dairy.service.deliver(dairy.shipment(part, in_parts=True))
    assert await dairy.parked() == []
    recall = await called_back(dairy, "L1")
    listed = (await dairy.get(f"/recalls/{recall['recall_id']}/deliveries"))["items"]
    assert [(one["quantity"], one["order_id"]) for one in listed] == [
        ("1", held["order_id"]),
        ("3", held["order_id"]),
    ]


async def test_a_return_may_name_the_receipt_that_brought_the_goods_back(dairy: Any) -> None:
    await receive(dairy, "milk", "10", "L1")
    await sell(dairy, "4", "L1")
    recall = await called_back(dairy, "L1")
    path = f"/recalls/{recall['recall_id']}"
    (delivery,) = (await dairy.get(f"{path}/deliveries"))["items"]
    line = {"item_id": "milk", "batch_id": "L1", "quantity": "2", "unit": "l"}
    place = {"kind": "receipt", "site_id": "north", "warehouse_id": "main", "lines": [line]}
    document = (await dairy.post("/documents", place, "shop_manager")).json()
    named = {
        "site_id": "north",
        "sequence": delivery["sequence"],
        "fate": "recovered",
        "quantity": "2",
        "document_id": document["document_id"],
    }
    refused = await dairy.post(f"{path}/returns", named, "clerk")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_received_again")
    for step in ("audit", "post"):
        answer = await dairy.post(f"/documents/{named['document_id']}/{step}", role="shop_manager")
        assert answer.status_code == 200, answer.text
    assert (await dairy.post(f"{path}/returns", named, "clerk")).status_code == 201
    await dairy.service.run_job("pursue_recalls")
    found = await balance(dairy, "L1")
    assert (found["available"], found["frozen"]) == ("0", "8")


async def test_a_closed_recall_keeps_its_batches_blocked(dairy: Any) -> None:
    await receive(dairy, "milk", "10", "L1")
    recall = await called_back(dairy, "L1")
    path = f"/recalls/{recall['recall_id']}"
    closed = await dairy.post(f"{path}/close", {"outcome": "completed"}, "operator")
    assert closed.json()["outcome"] == "completed"
    (fact,) = await dairy.facts(RecallClosed)
    assert (fact.number, fact.shipped) == (recall["number"], 0)
    assert (await reserve(dairy, "1", "L1")).json()["code"] == "batch_blocked"
    again = await dairy.post(f"{path}/close", {"outcome": "withdrawn"}, "operator")
    assert again.json()["code"] == "recall_closed"


async def test_what_comes_in_after_a_recall_was_closed_is_frozen_too(dairy: Any) -> None:
    recall = await called_back(dairy, "L1")
    path = f"/recalls/{recall['recall_id']}/close"
    await dairy.post(path, {"outcome": "completed"}, "operator")
    await receive(dairy, "milk", "5", "L1")
    await dairy.service.run_job("intercept_expiring")
    assert (await balance(dairy, "L1"))["frozen"] == "5"


async def test_nobody_sets_called_back_goods_free_by_hand(dairy: Any) -> None:
    await receive(dairy, "milk", "10", "L1")
    line = {"item_id": "milk", "quantity": "4", "unit": "l", "batch_id": "L1"}
    place = {"site_id": "north", "warehouse_id": "main"}

    async def audited(kind: str) -> str:
        body = {"kind": kind, **place, "reason": "by hand", "lines": [line]}
        drafted = await dairy.post("/documents", body, "clerk")
        assert drafted.status_code == 201, drafted.text
        path = f"/documents/{drafted.json()['document_id']}"
        assert (await dairy.post(f"{path}/audit", None, "shop_manager")).status_code == 200
        return path

    frozen, unfrozen = await audited("freeze"), await audited("unfreeze")
    assert (await dairy.post(f"{frozen}/post", None, "shop_manager")).status_code == 200
    recall = await called_back(dairy, "L1")
    for act, body in ((f"{unfrozen}/post", None), (f"{frozen}/reverse", {"reason": "good"})):
        refused = await dairy.post(act, body, "shop_manager")
        assert (refused.status_code, refused.json()["code"]) == (409, "recalled_stays_frozen")
        assert named(refused) == (recall["number"], "germs")
    assert (await balance(dairy, "L1"))["frozen"] == "10"
    path = f"/recalls/{recall['recall_id']}/close"
    await dairy.post(path, {"outcome": "withdrawn"}, "operator")
    assert (await dairy.post(f"{unfrozen}/post", None, "shop_manager")).status_code == 200
    assert (await balance(dairy, "L1"))["available"] == "4"


async def test_a_withdrawn_recall_lets_an_inspection_release_the_goods(dairy: Any) -> None:
    await receive(dairy, "milk", "10", "L1")
    recall = await called_back(dairy, "L1")
    release = {
        "site_id": "north",
        "warehouse_id": "main",
        "item_id": "milk",
        "batch_id": "L1",
        "source": "frozen",
        "parts": [{"decision": "release", "quantity": "10"}],
    }
    refused = await dairy.post("/inspections", release, "clerk")
    assert (refused.status_code, refused.json()["code"]) == (409, "recalled_stays_frozen")
    assert named(refused) == (recall["number"], "germs")
    path = f"/recalls/{recall['recall_id']}/close"
    await dairy.post(path, {"outcome": "withdrawn"}, "operator")
    assert (await dairy.post("/inspections", release, "clerk")).status_code == 201
    await dairy.service.run_job("pursue_recalls")
    assert (await balance(dairy, "L1"))["available"] == "10"
    assert (await reserve(dairy, "1", "L1")).status_code == 201


async def test_units_are_called_back_by_their_serial_numbers(dairy: Any) -> None:
    serials = [f"S{number:03}" for number in range(1, 6)]
    await receive(dairy, "fridge", "5", "F1", serials=serials)
    held = (await reserve(dairy, "2", "F1", serials=serials[:2])).json()
    other = (await reserve(dairy, "1", "F1", serials=serials[3:4])).json()
    recall = await called_back(dairy, item_id="fridge", first_serial="S002", last_serial="S003")
    page = await dairy.get("/stock", item_id="fridge", site_id="north")
    assert [(one["available"], one["frozen"]) for one in page["items"]] == [("2", "2")]
    (released,) = await dairy.facts(ReservationReleased)
    assert str(released.order_id) == held["order_id"]
    (where,) = (await dairy.get(f"/recalls/{recall['recall_id']}/stock"))["items"]
    assert (where["frozen"], where["available"]) == ("2", "0")
    assert (await dairy.get(f"/reservations/{other['reservation_id']}"))["status"] == "held"
    assert await dairy.books_agree()


async def test_units_are_called_back_by_numbers_that_count_as_numbers(dairy: Any) -> None:
    """H3: where they lie, and those that were delivered."""
    serials = [f"S{number}" for number in (1, 2, 9, 10, 11, 100)]
    await receive(dairy, "fridge", "6", "F1", serials=serials)
    sold = (await reserve(dairy, "2", "F1", serials=["S10", "S11"])).json()
    assert (await dairy.confirm(sold)).status_code == 200
    await dairy.service.deliver(dairy.shipment(sold))
    recall = await called_back(dairy, item_id="fridge", first_serial="S2", last_serial="S10")
    units = (await dairy.get("/items/fridge/serials"))["items"]
    assert {one["serial_no"]: one["state"] for one in units} == {
        "S1": "in_stock",
        "S2": "frozen",
        "S9": "frozen",
        "S10": "shipped",
        "S11": "shipped",
        "S100": "in_stock",
    }
    (where,) = (await dairy.get(f"/recalls/{recall['recall_id']}/stock"))["items"]
    assert (where["frozen"], where["available"]) == ("2", "0")
    (delivered,) = (await dairy.get(f"/recalls/{recall['recall_id']}/deliveries"))["items"]
    assert delivered["quantity"] == "1"
    assert (await reserve(dairy, "2", "F1", serials=["S1", "S100"])).status_code == 201
    backwards = {"item_id": "fridge", "first_serial": "S10", "last_serial": "S9"}
    refused = await dairy.post("/recalls", order(**backwards), "operator")
    assert refused.json()["code"] == "nothing_named"


async def test_the_database_orders_serial_numbers_as_the_domain_does(dairy: Any) -> None:
    serials = ["S1", "S010", "S2", "S10A3", "S10A20", "007", "A-", "A-1.5", "A-1.50", "9" * 64, "z"]
    session = await asyncpg.connect(dairy.database.dsn)
    try:
        found = await session.fetch(
            "select one, serial_order(one) as ordered from unnest($1::text[]) as one", serials
        )
        ordered = await session.fetch(
            "select one from unnest($1::text[]) as one order by serial_order(one)", serials
        )
    finally:
        await session.close()
    assert {row["one"]: row["ordered"] for row in found} == {
        one: serial_order(one).encode() for one in serials
    }
    assert [row["one"] for row in ordered] == sorted(serials, key=serial_order)


async def test_a_unit_that_is_called_back_is_refused_by_its_recall(dairy: Any) -> None:
    """B3, H3: whoever asks for it, takes it or sets it free is told which recall it is, and why."""
    serials = [f"S{number:03}" for number in range(1, 6)]
    await receive(dairy, "fridge", "5", "F1", serials=serials)
    by_number = {"item_id": "fridge", "first_serial": "S002", "last_serial": "S003"}
    recall = await called_back(dairy, **by_number)
    asked = await reserve(dairy, "2", "F1", serials=["S001", "S003"])
    assert (asked.status_code, asked.json()["code"]) == (409, "unit_blocked")
    taken = await by_hand(dairy, "issue", "S002")
    assert (taken.status_code, taken.json()["code"]) == (409, "unit_blocked")
    freed = await by_hand(dairy, "unfreeze", "S002")
    assert (freed.status_code, freed.json()["code"]) == (409, "recalled_unit_stays_frozen")
    for refused, serial_no in ((asked, "S003"), (taken, "S002"), (freed, "S002")):
        assert named(refused) == (recall["number"], "germs")
        assert refused.json()["serial_no"] == serial_no
    assert (await reserve(dairy, "2", "F1", serials=["S001", "S004"])).status_code == 201
    assert await dairy.books_agree()


async def test_units_of_a_withdrawn_recall_are_good_and_those_of_a_completed_one_are_not(
    dairy: Any,
) -> None:
    """H3: as batches are."""
    serials = [f"S{number:03}" for number in range(1, 5)]
    await receive(dairy, "fridge", "4", "F1", serials=serials)
    for serial_no, outcome in (("S001", "withdrawn"), ("S002", "completed")):
        by_number = {"item_id": "fridge", "first_serial": serial_no, "last_serial": serial_no}
        recall = await called_back(dairy, **by_number)
        path = f"/recalls/{recall['recall_id']}/close"
        assert (await dairy.post(path, {"outcome": outcome}, "operator")).status_code == 200
    assert (await by_hand(dairy, "unfreeze", "S001")).status_code == 200
    assert (await reserve(dairy, "1", "F1", serials=["S001"])).status_code == 201
    kept = await by_hand(dairy, "unfreeze", "S002")
    assert kept.json()["code"] == "recalled_unit_stays_frozen"
    assert named(kept) == (recall["number"], "germs")


async def by_hand(shop: Any, kind: str, serial_no: str) -> Any:
    """Post a document about a fridge, and return what became of that."""
    line = {"item_id": "fridge", "quantity": "1", "unit": "EA", "batch_id": "F1"}
    body = {
        "kind": kind,
        "site_id": "north",
        "warehouse_id": "main",
        "reason": "by hand",
        "lines": [{**line, "serials": [serial_no]}],
    }
    drafted = await shop.post("/documents", body, "clerk")
    assert drafted.status_code == 201, drafted.text
    path = f"/documents/{drafted.json()['document_id']}"
    assert (await shop.post(f"{path}/audit", None, "shop_manager")).status_code == 200
    return await shop.post(f"{path}/post", None, "shop_manager")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"batches": []}, "nothing_named"),
        ({"first_serial": "A", "last_serial": "B"}, "nothing_named"),
        ({"item_id": "tea"}, "not_traceable"),
        ({"item_id": "ghost"}, "unknown_item"),
        ({"batches": [], "first_serial": "A", "last_serial": "B"}, "not_traceable"),
    ],
)
async def test_a_recall_names_what_can_be_told_apart(dairy: Any, change: Any, code: str) -> None:
    answer = await dairy.post("/recalls", order("L1") | change, "operator")
    assert answer.json()["code"] == code


async def test_a_batch_is_called_back_once_and_by_those_who_may(dairy: Any) -> None:
    recall = await called_back(dairy, "L1")
    twice = await dairy.post("/recalls", order("L1", "L2"), "operator")
    assert twice.json()["code"] == "batch_recalled"
    same = await dairy.post("/recalls", order("L3", number=recall["number"]), "operator")
    assert same.json()["code"] == "recall_number_taken"
    assert (await dairy.post("/recalls", order("L4"), "clerk")).status_code == 403
    assert (await dairy.post("/recalls", order("L4"), "operator", ["north"])).status_code == 403
    shown = await dairy.get("/recalls", open=True)
    assert [one["number"] for one in shown["items"]] == [recall["number"]]


def today() -> date:
    return (now() + timedelta(hours=8)).date()  # Asia/Shanghai, where the sites are


async def test_each_threshold_is_said_once(dairy: Any) -> None:
    await receive(dairy, "milk", "10", "L1", expires_on=today() + timedelta(days=20))
    await receive(dairy, "milk", "10", "L2", expires_on=today() + timedelta(days=60))
    for _ in range(2):
        await dairy.service.run_job("intercept_expiring")
    assert [(one.batch_id, one.within_days) for one in await dairy.facts(BatchExpiring)] == [
        ("L1", 30)
    ]
    for days in (12, 13, 14, 19, 20):
        with shifted(timedelta(days=days)):
            await dairy.service.run_job("intercept_expiring")
    said = [one.within_days for one in await dairy.facts(BatchExpiring) if one.batch_id == "L1"]
    assert said == [30, 7, 1, 0]
    assert await dairy.facts(BatchExpired) == []


async def test_what_is_past_its_expiry_is_frozen_at_each_site(dairy: Any) -> None:
    for site in ("north", "south"):
        await receive(dairy, "milk", "10", "L1", site=site, expires_on=today())
    await dairy.service.run_job("intercept_expiring")
    assert (await balance(dairy, "L1"))["available"] == "10"
    with shifted(timedelta(days=1)):
        await dairy.service.run_job("intercept_expiring")
        await dairy.service.run_job("intercept_expiring")
        listed = (await dairy.get("/batches/expiring", "clerk", ["north"], within_days=0))["items"]
    for site in ("north", "south"):
        assert (await balance(dairy, "L1", site_id=site))["frozen"] == "10"
    assert [one.site_id for one in await dairy.facts(BatchExpired)] == ["north", "south"]
    assert [(one["days_left"], one["frozen"]) for one in listed] == [(-1, "10")]
    entry = (await dairy.get("/ledger", site_id="north", item_id="milk"))["items"][-1]
    assert (entry["rule"], entry["target"]) == ("expired", "frozen")
    assert await dairy.books_agree()


async def test_expiring_goods_are_listed_page_by_page(dairy: Any) -> None:
    for number in range(3):
        day = today() + timedelta(days=number)
        await receive(dairy, "milk", "1", f"L{number}", expires_on=day)
    first = await dairy.get("/batches/expiring", site_id="north", limit=2)
    second = await dairy.get("/batches/expiring", site_id="north", cursor=first["next_cursor"])
    found = [(one["batch_id"], one["days_left"]) for one in (*first["items"], *second["items"])]
    assert found == [("L0", 0), ("L1", 1), ("L2", 2)]
    nearer = await dairy.get("/batches/expiring", site_id="north", within_days=1)
    assert len(nearer["items"]) == 2


async def test_what_was_near_its_expiry_is_known_of_a_past_moment(dairy: Any) -> None:
    """H3: with what was there then, and the days that were left then."""
    before = now().isoformat()
    await receive(dairy, "milk", "5", "L1", expires_on=today() + timedelta(days=3))
    await receive(dairy, "milk", "4", "L2", expires_on=today() + timedelta(days=9))
    then = now().isoformat()
    with shifted(timedelta(days=2)):
        await sell(dairy, "5", "L1")
        nearing = {"site_id": "north", "within_days": 7}
        left = (await dairy.get("/batches/expiring", **nearing))["items"]
        assert [(one["batch_id"], one["days_left"]) for one in left] == [("L2", 7)]
        page = await dairy.get("/batches/expiring", **nearing, as_of=then)
        told = [(one["batch_id"], one["days_left"], one["on_hand"]) for one in page["items"]]
        assert told == [("L1", 3, "5")]
        assert page["items"][0]["available"] is None
        assert now() - datetime.fromisoformat(page["as_of"]) > timedelta(days=1)
        assert (await dairy.get("/batches/expiring", **nearing, as_of=before))["items"] == []


async def test_the_past_of_many_batches_that_are_gone_is_listed_page_by_page(
    dairy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H3: places that had nothing are passed over, however many stand between."""
    monkeypatch.setattr(expiry, "PLACES_AT_ONCE", 2)
    for number in (0, 5):
        await receive(dairy, "milk", "1", f"L{number}", expires_on=today())
    then = now().isoformat()
    for number in (1, 2, 3, 4, 6):
        await receive(dairy, "milk", "1", f"L{number}", expires_on=today())
    asked = {"site_id": "north", "as_of": then, "limit": 1}
    first = await dairy.get("/batches/expiring", **asked)
    second = await dairy.get("/batches/expiring", **asked, cursor=first["next_cursor"])
    found = [one["batch_id"] for one in (*first["items"], *second["items"])]
    assert (found, second["next_cursor"]) == (["L0", "L5"], None)


async def paid(shop: Any, quantity: str, batch: str, serials: Sequence[str] = ()) -> Any:
    held = (await reserve(shop, quantity, batch, serials)).json()
    assert (await shop.confirm(held)).status_code == 200
    return held


async def followed(shop: Any, recall: Any) -> list[tuple[str, str]]:
    """Return the number and the quantity of each delivery that a recall follows."""
    await shop.service.run_job("pursue_recalls")
    listed = (await shop.get(f"/recalls/{recall['recall_id']}/deliveries"))["items"]
    return [(one["document_number"], one["quantity"]) for one in listed]


@pytest.mark.parametrize("first", ["recall", "shipment"])
async def test_a_shipment_in_flight_is_booked_whichever_comes_first(dairy: Any, first: str) -> None:
    """H3, B1: it was posted before sales heard of the recall; the goods have left the shelf."""
    await receive(dairy, "milk", "10", "L1")
    held = await paid(dairy, "3", "L1")
    shipped, recall_first = dairy.shipment(held), first == "recall"
    if not recall_first:
        await dairy.service.deliver(shipped)
    recall = await called_back(dairy, "L1")
    if recall_first:
        assert (await balance(dairy, "L1"))["frozen"] == "10"
        await dairy.service.deliver([shipped, shipped])
    assert await dairy.parked() == []
    found = await balance(dairy, "L1")
    assert [found[name] for name in ("on_hand", "frozen", "allocated")] == ["7", "7", "0"]
    assert await followed(dairy, recall) == [(shipped.number, "3")]
    (fact,) = await dairy.facts(StockShipped)
    assert (fact.document_number, fact.order_id) == (shipped.number, shipped.order_id)
    let_go = [one.document_number for one in await dairy.facts(StockStatusChanged)]
    assert (shipped.number in let_go) == recall_first
    kept = await dairy.get(f"/reservations/{held['reservation_id']}")
    assert kept["status"] == ("released" if recall_first else "fulfilled")
    assert await dairy.books_agree()


async def test_parts_in_flight_are_booked_and_none_is_booked_that_never_was_held(
    dairy: Any,
) -> None:
    await receive(dairy, "milk", "10", "L1")
    held = await paid(dairy, "6", "L1")

    def part(quantity: str) -> Any:
        (line,) = held["lines"]
        return dairy.shipment(held | {"lines": [line | {"quantity": quantity}]}, in_parts=True)

    parts = [part("1"), part("2"), part("3")]
    await dairy.service.deliver(parts[0])
    recall = await called_back(dairy, "L1")
    await dairy.service.deliver(parts[1:])
    assert await dairy.parked() == []
    assert await followed(dairy, recall) == [
        (one.number, quantity) for one, quantity in zip(parts, "123", strict=True)
    ]
    assert (await balance(dairy, "L1"))["frozen"] == "4"
    await dairy.service.deliver([part("7"), dairy.shipment(held, warehouse_id="back")])
    errors = [one["error"].partition("(")[0] for one in await dairy.parked()]
    assert errors == ["ShipmentDiffers", "ShipmentDiffers"]
    assert await dairy.books_agree()


async def test_units_in_flight_leave_as_they_are_some_called_back_and_some_not(dairy: Any) -> None:
    serials = ("F-1", "F-2", "F-3")
    await receive(dairy, "fridge", "3", "", serials=serials)
    held = await paid(dairy, "3", "", serials)
    by_number = {"item_id": "fridge", "first_serial": "F-2", "last_serial": "F-2"}
    recall = await called_back(dairy, **by_number)
    (said,) = await dairy.facts(RecallOrdered)
    assert (said.batches, said.first_serial, said.last_serial) == ((), "F-2", "F-2")
    line = held["lines"][0] | {"serials": serials}
    shipped = dairy.shipment(held | {"lines": [line]})
    await dairy.service.deliver(shipped)
    assert await dairy.parked() == []
    assert await followed(dairy, recall) == [(shipped.number, "1")]
    units = (await dairy.get("/items/fridge/serials"))["items"]
    assert [one["state"] for one in units] == ["shipped"] * 3
    assert await dairy.books_agree()


async def test_goods_that_were_promised_to_others_since_are_not_taken_from_them(
    shop: Any,
) -> None:
    """The message waits until people have found goods, or let the other order go."""
    items = {"items": [*GOODS, {**GOODS[0], "item_id": "cream", "name": "Cream"}]}
    await shop.post("/items/import", items, "master_data")
    for item in ("milk", "cream"):
        await receive(shop, item, "5", "L1")
    lines = [
        {"item_id": item, "unit": "l", "quantity": "5", "batch_id": "L1"}
        for item in ("milk", "cream")
    ]
    body = {"site_id": "north", "warehouse_id": "main", "order_id": str(uuid4()), "lines": lines}
    held = (await shop.post("/reservations", body)).json()
    await shop.confirm(held)
    await called_back(shop, "L1")
    body = body | {"order_id": str(uuid4()), "lines": lines[1:]}
    other = (await shop.post("/reservations", body)).json()
    await shop.service.deliver(shop.shipment(held))
    (parked,) = await shop.parked()
    assert parked["error"].startswith("LineExceedsBalance")
    await shop.release(other)
    answer = await shop.post(f"/ops/parked/{parked['number']}/release", {}, "operator")
    assert answer.is_success, answer.text
    await shop.service.consume_due()
    assert await shop.parked() == []
    assert (await balance(shop, "L1"))["on_hand"] == "0"
    assert await shop.books_agree()
