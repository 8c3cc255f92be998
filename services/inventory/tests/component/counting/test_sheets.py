"""What is on a sheet, who sees what of it, and what stands in the way of posting (A3, H4)."""

import asyncio
import io
import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

from pyarrow import parquet

WEIGHT = {
    "scale_id": "scale-1",
    "gross": "5200",
    "tare": "700",
    "net": "4500",
    "unit": "g",
    "weighed_at": "2026-01-01T00:00:00Z",
}


async def test_a_sheet_lists_a_warehouse_a_category_a_class_or_named_goods(
    shop: Any, floor: Any
) -> None:
    await floor.item("gold", abc_class="A")
    await shop.receive(("tea", "1"), ("oil", "2"), ("gold", "3"))
    await shop.receive(("oil", "4"), warehouse="back")
    await shop.receive(("tea", "5"), site="south")
    for wanted, places in (
        ({"warehouse_id": "back"}, [("back", "oil")]),
        ({"category": "food", "warehouse_id": None}, [("back", "oil"), ("main", "oil")]),
        ({"abc_class": "A", "warehouse_id": None}, [("main", "gold")]),
        (
            {"goods": [{"item_id": "tea"}, {"item_id": "rice"}]},
            [("main", "tea"), ("main", "rice")],
        ),
        ({}, [("main", "gold"), ("main", "oil"), ("main", "tea")]),
    ):
        sheet = await floor.open(**wanted)
        listed = [(one["warehouse_id"], one["item_id"]) for one in await floor.lines(sheet)]
        assert listed == places, wanted
        await floor.step(sheet, "cancel")
    nothing = await floor.ask(category="toys")
    assert nothing.json()["code"] == "nothing_to_count"
    nameless = await floor.ask(warehouse_id=None, goods=[{"item_id": "tea"}])
    assert nameless.json()["code"] == "count_warehouse_missing"


async def test_a_place_is_on_one_open_sheet(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "1"), ("oil", "2"))
    first = await floor.open(category="food")
    refused = (await floor.ask()).json()
    assert (refused["code"], refused["item_id"]) == ("place_being_counted", "oil")
    assert refused["other"] == first["number"]
    second = await floor.open(goods=[{"item_id": "tea"}])
    found = await floor.count(second, "ann", "oil", "2")
    assert found["code"] == "place_being_counted"
    assert first["number"] in found["detail"]


async def test_of_two_sheets_opened_at_once_one_is_refused(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "1"), ("oil", "2"), ("rice", "3"))
    answers = await asyncio.gather(*(floor.ask() for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_who_counts_blind_sees_nothing_of_the_books_or_of_others(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "8675309"))
    sheet = await floor.open(tolerance={"quantity": "9"})
    await floor.count(sheet, "mia", "tea", "8675302")
    hidden = ("book_quantity", "expected", "difference", "gain", "loss")
    own = {"mia": "8675302"}
    for who in ("ann", "mia", "fay"):
        line = await floor.line(sheet, "tea", who)
        assert [line[name] for name in hidden] == [None] * 5, who
        assert (line["state"], line["counted"]) == ("counted", own.get(who))
        for page in ("print", "lines.csv", "lines/export"):
            shown = await floor.look(who, f"/count-sheets/{sheet['sheet_id']}/{page}")
            text = re.sub("<svg.*</svg>", "", shown.text).replace(sheet["number"], "")
            assert "8675309" not in text
            assert ("8675302" in text) is (who in own)
    assert (await floor.line(sheet, "tea", "max"))["difference"] == "-7"
    await floor.step(sheet, "audit")
    assert (await floor.line(sheet, "tea", "ann"))["expected"] == "8675309"
    text = (await floor.look("ann", f"/count-sheets/{sheet['sheet_id']}/lines.csv")).text
    assert text.splitlines()[1].startswith("1,main,tea,,counted,1,")


async def test_who_counts_once_more_does_not_see_what_was_counted_first(
    shop: Any, floor: Any
) -> None:
    """A3: the counts of others are shown to counters when the sheet is audited, not before."""
    await shop.receive(("tea", "10"), ("oil", "5"))
    sheet = await floor.open()
    await floor.count(sheet, "ann", "tea", "8")
    await floor.step(sheet, "recount")
    await floor.count(sheet, "bob", "oil", "5")
    counts = f"/count-sheets/{sheet['sheet_id']}/counts"

    async def seen(who: str) -> list[tuple[str, str]]:
        listed = (await floor.look(who, counts)).json()["items"]
        return sorted((one["counted_by"], one["quantity"]) for one in listed)

    first, second = ("ann", "8"), ("bob", "5")
    assert [await seen(who) for who in ("ann", "bob", "fay")] == [[first], [second], []]
    assert await seen("max") == [first, second]
    await floor.count(sheet, "bob", "tea", "8")
    await floor.step(sheet, "audit")
    assert await seen("ann") == [first, second, ("bob", "8")]


async def test_counts_come_from_registered_devices_alone(shop: Any, floor: Any) -> None:
    """A6: a count that names another device is refused by itself, a step as a whole."""
    await shop.receive(("tea", "10"), ("oil", "5"))
    await shop.register("PDA-1")
    sheet = await floor.open()
    counts = [
        floor.said(item, "5", device_id=device)
        for item, device in (("tea", "PDA-2"), ("oil", "PDA-1"))
    ]
    answer = await floor.upload(sheet, "ann", *counts)
    assert [one["code"] for one in answer.json()] == ["unknown_device", None]
    assert "register it" in answer.json()[0]["detail"]
    assert (await floor.line(sheet, "tea"))["state"] == "uncounted"
    path = f"/count-sheets/{sheet['sheet_id']}/recount"
    refused = await floor.send("max", path, {}, X_Device_Id="PDA-2")
    assert (refused.status_code, refused.json()["code"]) == (403, "unknown_device")


async def test_the_lines_of_a_sheet_come_as_files_of_every_form(shop: Any, floor: Any) -> None:
    """H6: one after the other, if one file does not take them all."""
    await shop.receive(("tea", "7"), ("rice", "1.25"))
    sheet = await floor.open()
    path = f"/count-sheets/{sheet['sheet_id']}/lines/export"
    link, found = f"{path}?form=parquet&limit=1", list[Any]()
    for more in (True, False):
        answer = await floor.look("max", link)
        found += parquet.read_table(io.BytesIO(answer.content)).to_pylist()
        assert ("Link" in answer.headers) is more
        link = answer.headers.get("Link", "<>").partition(">")[0].removeprefix("<")
    shown = await floor.lines(sheet)
    names = ("line_no", "item_id", "state", "counted")
    assert [[one[name] for name in names] for one in found] == [
        [one[name] for name in names] for one in shown
    ]
    assert {one["item_id"]: one["book_quantity"] for one in found} == {
        "tea": 7,
        "rice": Decimal("1.25"),
    }
    for form, starts in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        assert (await floor.look("max", path, form=form)).content.startswith(starts)


async def test_a_sheet_prints_its_code_and_is_opened_by_it(shop: Any, floor: Any) -> None:
    """A1."""
    await shop.receive(("tea", "7"))
    sheet = await floor.open()
    code = f"urn:trueshelf:count-sheet:{sheet['sheet_id']}"
    opened = (await floor.look("ann", f"/count-sheets/by-code/{code}")).json()
    assert (opened["sheet_id"], opened["number"]) == (sheet["sheet_id"], sheet["number"])
    label = await floor.look("ann", f"/count-sheets/{sheet['sheet_id']}/label")
    assert label.headers["content-type"] == "image/svg+xml"
    assert sheet["number"] in label.text
    printed = await floor.look("ann", f"/count-sheets/{sheet['sheet_id']}/print")
    assert label.text in printed.text
    headers = shop.service.headers(["clerk"])
    for other in (f"urn:trueshelf:document:{uuid4()}", f"urn:trueshelf:count-sheet:{uuid4()}"):
        answer = await shop.service.api.get(f"/count-sheets/by-code/{other}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_count_sheet")


async def test_an_open_sheet_shows_its_counters_the_books_if_it_is_not_blind(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "7"))
    sheet = await floor.open(blind=False)
    assert (await floor.line(sheet, "tea", "ann"))["book_quantity"] == "7"


async def test_missing_goods_that_are_promised_stop_the_posting_of_all(
    shop: Any, floor: Any
) -> None:
    await shop.receive(("tea", "10"), ("oil", "5"))
    held = await shop.held(("tea", "6"))
    sheet = await floor.open(tolerance={"percent": "100"})
    await floor.count(sheet, "ann", "tea", "4")
    await floor.count(sheet, "ann", "oil", "7")
    await floor.step(sheet, "audit")
    refused = await floor.refused(sheet, "approve", "fay")
    assert (refused["code"], refused["lines_short"]) == ("count_loss_not_available", 1)
    (short,) = refused["shortages"]
    assert short == {
        "line_no": 2,
        "item_id": "tea",
        "warehouse_id": "main",
        "batch_id": "",
        "missing": "6",
        "available": "4",
        "on_hand": "10",
        "allocated": "6",
        "in_inspection": "0",
        "frozen": "0",
        "allocated_by": [{"order_id": held["order_id"], "quantity": "6"}],
        "allocated_by_others": {"orders": 0, "quantity": "0"},
    }
    assert [(await shop.stock(one))["on_hand"] for one in ("tea", "oil")] == ["10", "5"]
    await shop.release(held)
    assert (await floor.step(sheet, "approve", "fay"))["status"] == "closed"
    assert [(await shop.stock(one))["on_hand"] for one in ("tea", "oil")] == ["4", "7"]


async def test_a_loss_that_many_orders_hold_says_how_many_more_than_it_names(
    shop: Any, floor: Any
) -> None:
    """B3."""
    await shop.receive(("tea", "23"))
    await shop.at_once(*(shop.held(("tea", "1")) for _ in range(23)))
    sheet = await floor.open(tolerance={"percent": "100"})
    await floor.count(sheet, "ann", "tea", "22")
    await floor.step(sheet, "audit")
    (short,) = (await floor.refused(sheet, "approve", "fay"))["shortages"]
    assert [one["quantity"] for one in short["allocated_by"]] == ["1"] * 20
    assert short["allocated_by_others"] == {"orders": 3, "quantity": "3"}


async def test_a_scales_weight_is_kept_and_converted_exactly(shop: Any, floor: Any) -> None:
    """H4: on count lines, from registered scales alone."""
    await shop.receive(("rice", "4.5"), ("tea", "1"))
    sheet = await floor.open()
    scale = {"device_id": "scale-1", "name": "Scale", "kind": "scanner"}
    for code in ("unknown_device", "not_a_scale"):
        assert (await floor.count(sheet, "ann", "rice", weight=WEIGHT))["code"] == code
        answer = await shop.post("/sites/north/devices", scale, "shop_manager")
        assert answer.is_success, answer.text
        scale["kind"] = "scale"
    assert (await floor.count(sheet, "ann", "rice", weight=WEIGHT))["outcome"] == "counted"
    assert (await floor.line(sheet, "rice"))["difference"] == "0"
    (kept,) = (await floor.look("max", f"/count-sheets/{sheet['sheet_id']}/counts")).json()["items"]
    assert {name: kept[name] for name in ("gross", "tare", "net", "scale_id", "weighed_at")} == {
        name: WEIGHT[name] for name in ("gross", "tare", "net", "scale_id", "weighed_at")
    }
    assert (kept["quantity"], kept["unit"], kept["weight_unit"]) == ("4.5", "kg", "g")
    wrong = {**WEIGHT, "net": "4600"}
    assert (await floor.count(sheet, "ann", "rice", weight=wrong))["code"] == "weight_contradictory"
    fine = {**WEIGHT, "net": "4500.5", "gross": "5200.5"}
    assert (await floor.count(sheet, "ann", "rice", weight=fine))["code"] == "quantity_too_precise"
    assert (await floor.count(sheet, "ann", "tea", weight=WEIGHT))["code"] == "item_not_weighed"


async def test_goods_are_counted_in_any_unit_that_has_a_conversion(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "24"))
    sheet = await floor.open()
    refused = await floor.count(sheet, "ann", "tea", "2", unit="crate")
    assert refused["code"] == "unknown_unit"
    body = {"unit": "crate", "numerator": 12}
    answer = await shop.post("/items/tea/units", body, "master_data")
    assert answer.status_code == 201, answer.text
    await floor.count(sheet, "ann", "tea", "2", unit="crate")
    assert (await floor.line(sheet, "tea"))["difference"] == "0"


async def test_units_with_numbers_are_counted_one_by_one(shop: Any, floor: Any) -> None:
    await floor.item("phone", tracking="serial")
    body = {
        "kind": "receipt",
        "site_id": "north",
        "warehouse_id": "main",
        "lines": [
            {"item_id": "phone", "quantity": "3", "unit": "box", "serials": ["s1", "s2", "s3"]}
        ],
    }
    document = (await floor.send("ann", "/documents", body)).json()
    for step in ("audit", "post"):
        await floor.send("max", f"/documents/{document['document_id']}/{step}")
    sheet = await floor.open(tolerance={"quantity": "5"})
    unnamed = await floor.count(sheet, "ann", "phone", "3")
    assert unnamed["code"] == "serials_missing"
    await floor.count(sheet, "ann", "phone", serials=["s1"], spot="A")
    await floor.count(sheet, "ann", "phone", serials=["s3", "s9"], spot="B")
    line = await floor.line(sheet, "phone")
    assert (line["counted"], line["expected"], line["difference"]) == ("3", "3", "0")
    assert (line["found"], line["missing"]) == (["s9"], ["s2"])
    await floor.settle(sheet)
    line = await floor.line(sheet, "phone")
    assert None not in (line["gain_document"], line["loss_document"])
    assert (await shop.stock("phone"))["on_hand"] == "3"
    again = await floor.open()
    await floor.count(again, "ann", "phone", serials=["s1", "s3", "s9"])
    assert (await floor.line(again, "phone"))["difference"] == "0"
    assert await shop.books_agree()


async def test_batches_are_counted_apart_and_a_new_one_must_be_known(shop: Any, floor: Any) -> None:
    await floor.item("milk", tracking="batch")
    for batch in ("b1", "b2"):
        answer = await shop.post("/items/milk/batches", {"batch_id": batch}, "clerk")
        assert answer.status_code == 201, answer.text
    body = {
        "kind": "receipt",
        "site_id": "north",
        "warehouse_id": "main",
        "lines": [{"item_id": "milk", "quantity": "3", "unit": "box", "batch_id": "b1"}],
    }
    document = (await floor.send("ann", "/documents", body)).json()
    for step in ("audit", "post"):
        await floor.send("max", f"/documents/{document['document_id']}/{step}")
    sheet = await floor.open(tolerance={"quantity": "5"})
    unnamed = await floor.count(sheet, "ann", "milk", "1")
    unknown = await floor.count(sheet, "ann", "milk", "1", batch_id="b7")
    assert (unnamed["code"], unknown["code"]) == ("batch_missing", "unknown_batch")
    assert (await floor.lines(sheet))[0]["line_no"] == 1
    await floor.count(sheet, "ann", "milk", "2", batch_id="b1")
    await floor.count(sheet, "ann", "milk", "1", batch_id="b2")
    await floor.settle(sheet)
    stock = (await shop.get("/stock", item_id="milk"))["items"]
    assert [(one["batch_id"], one["on_hand"]) for one in stock] == [("b1", "2"), ("b2", "1")]


async def test_lines_and_sheets_come_page_by_page_and_by_state(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "1"), ("oil", "2"), ("rice", "3"))
    sheet = await floor.open()
    place = f"/count-sheets/{sheet['sheet_id']}/lines"
    first = (await floor.look("max", place, limit=2)).json()
    second = (await floor.look("max", place, limit=2, cursor=first["next_cursor"])).json()
    numbers = [one["line_no"] for one in (*first["items"], *second["items"])]
    assert (numbers, second["next_cursor"]) == ([1, 2, 3], None)
    await floor.count(sheet, "ann", "rice", "1")
    for state, found in (("to_recount", [2]), ("uncounted", [1, 3]), ("counted", [])):
        assert [one["line_no"] for one in await floor.lines(sheet, state=state)] == found
    head = (await floor.look("max", f"/count-sheets/{sheet['sheet_id']}")).json()
    assert (head["lines"], head["lines_counted"]) == (3, 1)
    listed = (await floor.look("max", "/count-sheets", site_id="north", status="counting")).json()
    assert [one["number"] for one in listed["items"]] == [sheet["number"]]
    assert (await floor.look("max", "/count-sheets", status="closed")).json()["items"] == []


async def test_a_step_on_what_has_changed_meanwhile_is_refused(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "1"))
    sheet = await floor.open()
    await floor.count(sheet, "ann", "tea", "1")
    await floor.step(sheet, "audit")
    path = f"/count-sheets/{sheet['sheet_id']}/cancel"
    answer = await floor.send("max", path, None, If_Match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (409, "count_sheet_changed")


async def test_other_sites_and_what_is_not_there_are_refused(shop: Any, floor: Any) -> None:
    await shop.receive(("tea", "1"))
    sheet = await floor.open()
    headers = shop.service.headers(["clerk"], ["south"])
    place = f"/count-sheets/{sheet['sheet_id']}"
    answer = await shop.service.api.get(place, headers=headers)
    assert answer.json()["code"] == "site_forbidden"
    nowhere = {"sheet_id": "019ab0c4-3001-7a1e-9c3d-5be2f034569a"}
    assert (await floor.refused(nowhere, "audit"))["code"] == "unknown_count_sheet"
    refused = await floor.refused(sheet, "recount", lines=[9])
    assert refused["code"] == "unknown_count_lines"
    assert (await floor.refused(sheet, "recount"))["code"] == "nothing_to_recount"
    elsewhere = await floor.count(sheet, "ann", "tea", "1", warehouse_id="back")
    assert elsewhere["code"] == "count_wrong_warehouse"
    odd = await floor.upload(sheet, "ann", floor.said("tea", "1", serials=["x"]))
    assert (odd.status_code, odd.json()["code"]) == (422, "invalid_request")
