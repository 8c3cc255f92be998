"""Masters over HTTP: units, kits, sheets, entry codes and items that nobody needs any more."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from contracts.inventory import ItemDefined
from servicekit.clock import now, shifted

KEEPER = "master_data"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = "item_id,name,base_unit,scale,tracking,no_sale_days,for_sale"


async def ask(shop: Any, path: str, body: Any, role: str = KEEPER) -> tuple[int, Any]:
    answer = await shop.post(path, body, role)
    return answer.status_code, answer.json()


async def code_of(shop: Any, path: str, body: Any, role: str = KEEPER) -> tuple[int, str]:
    status, answer = await ask(shop, path, body, role)
    return status, answer["code"]


async def upload(shop: Any, path: str, body: bytes, kind: str = "text/csv") -> Any:
    headers = {**shop.service.headers([KEEPER], ["*"]), "Content-Type": kind}
    return await shop.service.api.post(path, content=body, headers=headers)


async def text_of(shop: Any, path: str, role: str = KEEPER, **params: Any) -> Any:
    headers = shop.service.headers([role], ["*"])
    return await shop.service.api.get(path, params=params, headers=headers)


def workbook(*rows: list[Any]) -> bytes:
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return written.getvalue()


async def test_a_unit_gets_a_version_for_each_change(shop: Any) -> None:
    """B6."""
    path = "/items/tea/units"
    for numerator, status in ((12, 201), (12, 200), (10, 201)):
        assert (await ask(shop, path, {"unit": "case", "numerator": numerator}))[0] == status
    listed = (await shop.get(path))["items"]
    assert [(one["version"], one["numerator"]) for one in listed] == [(1, 12), (2, 10)]
    first = await shop.get(path, limit=1)
    second = await shop.get(path, limit=1, cursor=first["next_cursor"])
    assert second["items"] == listed[1:]


async def test_a_unit_that_can_not_be_is_refused(shop: Any) -> None:
    """B6."""
    crate = {"unit": "crate", "numerator": 5, "denominator": 2}
    soon = {**crate, "valid_from": str(now() + timedelta(days=1)).replace(" ", "T")}
    assert (await ask(shop, "/items/tea/units", soon))[0] == 201
    for path, body, code in (
        ("/items/tea/units", {"unit": "box", "numerator": 1}, (422, "base_unit_given")),
        ("/items/tea/units", {**crate, "numerator": 3}, (409, "conversion_not_later")),
        ("/items/nothing/units", crate, (404, "unknown_item")),
        ("/items/tea/units", {**crate, "denominator": 0}, (422, "invalid_request")),
    ):
        assert await code_of(shop, path, body) == code


async def test_an_item_with_units_keeps_its_base_unit(shop: Any) -> None:
    """B6."""
    await ask(shop, "/items/tea/units", {"unit": "case", "numerator": 12})
    bags = {"item_id": "tea", "name": "Tea", "base_unit": "bag", "scale": 0}
    report = (await ask(shop, "/items/import", {"items": [bags]}))[1]
    assert [one["code"] for one in report["refused"]] == ["item_in_use"]


async def kit_of(shop: Any, *components: tuple[str, str], kit: str = "basket") -> tuple[int, Any]:
    body = {"components": [{"item_id": one, "quantity": count} for one, count in components]}
    return await ask(shop, f"/items/{kit}/kit", body)


@pytest.fixture
async def basket(shop: Any) -> None:
    """Import an item that is going to be a kit."""
    item = {"item_id": "basket", "name": "Basket", "base_unit": "EA", "scale": 0}
    await ask(shop, "/items/import", {"items": [item]})


@pytest.mark.usefixtures("basket")
async def test_the_stock_of_a_kit_is_what_can_be_made_of_its_components(shop: Any) -> None:
    """B4."""
    status, made = await kit_of(shop, ("tea", "2"), ("rice", "0.5"))
    assert (status, made["version"]) == (201, 1)
    await shop.receive(("tea", "7"), ("rice", "1.25"))
    await shop.receive(("tea", "1"), warehouse="back")
    listed = (await shop.get("/kits/basket/stock", site_id="north"))["items"]
    assert listed == [
        {"warehouse_id": "back", "quantity": "0", "limited_by": ["rice", "tea"]},
        {"warehouse_id": "main", "quantity": "2", "limited_by": ["rice"]},
    ]
    assert [fact.kit for fact in await shop.facts(ItemDefined) if fact.item_id == "basket"] == [
        False,
        True,
    ]


@pytest.mark.usefixtures("basket")
async def test_a_change_of_a_kit_is_a_version_and_the_old_one_stays_known(shop: Any) -> None:
    """B4."""
    for components, status in (
        ([("tea", "2")], 201),
        ([("tea", "2")], 200),
        ([("tea", "1"), ("oil", "0.25")], 201),
    ):
        assert (await kit_of(shop, *components))[0] == status
    assert (await shop.get("/items/basket/kit"))["version"] == 2
    listed = (await shop.get("/items/basket/kit/versions"))["items"]
    assert [(one["version"], one["component_id"], one["quantity"]) for one in listed] == [
        (1, "tea", "2"),
        (2, "oil", "0.25"),
        (2, "tea", "1"),
    ]


@pytest.mark.parametrize("tracking", ["batch", "serial"])
async def test_a_kit_of_goods_that_must_be_named_is_refused_by_their_name(
    shop: Any, tracking: str
) -> None:
    """B4, B5: nobody could ever reserve it; and what a kit holds is not tracked later."""
    items = [
        {"item_id": "drug", "name": "Drug", "base_unit": "EA", "scale": 0, "tracking": tracking},
        {"item_id": "cup", "name": "Cup", "base_unit": "EA", "scale": 0},
        {"item_id": "set", "name": "Set", "base_unit": "EA", "scale": 0},
    ]
    await shop.post("/items/import", {"items": items}, "master_data")
    parts = [{"item_id": item_id, "quantity": "1"} for item_id in ("cup", "drug")]
    refused = await shop.post("/items/set/kit", {"components": parts}, "master_data")
    assert (refused.status_code, refused.json()["code"]) == (422, "kit_of_tracked")
    assert refused.json()["component_id"] == "drug"
    made = await shop.post("/items/set/kit", {"components": parts[:1]}, "master_data")
    assert made.status_code == 201
    tracked = {"items": [items[1] | {"tracking": tracking}]}
    report = (await shop.post("/items/import", tracked, "master_data")).json()
    assert [one["code"] for one in report["refused"]] == ["item_in_use"]


@pytest.mark.usefixtures("basket")
async def test_a_kit_holds_things_on_a_shelf_and_is_none_itself(shop: Any) -> None:
    """B4: no kit of kits, and nothing receives one."""
    await kit_of(shop, ("tea", "2"))
    for components, kit, code in (
        ([("basket", "1")], "rice", "kit_of_kits"),
        ([("oil", "1")], "oil", "kit_of_kits"),
        ([("oil", "0.001")], "basket", "quantity_too_precise"),
        ([("nothing", "1")], "basket", "unknown_item"),
        ([("oil", "1"), ("oil", "2")], "basket", "kit_repeats_component"),
        ([("oil", "1")], "rice", "kit_impossible"),
        ([("oil", "1")], "tea", "kit_impossible"),
    ):
        assert (await kit_of(shop, *components, kit=kit))[1]["code"] == code
    await shop.receive(("basket", "1"))
    assert "kit" in (await shop.parked())[0]["error"]
    answer = await text_of(shop, "/kits/tea/stock", site_id="north")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_a_kit")


async def test_a_sheet_of_items_is_taken_line_by_line(shop: Any) -> None:
    """H6."""
    await shop.receive(("tea", "1"))
    rows = [
        "salt,Salt 盐,kg,1,,,",
        "",
        "milk,Milk,EA,0,batch,2,no",
        "phone,Phone,EA,2,serial,,",
        "tea,Tea,bag,0,,,",
        "bad,Bad,kg,seven,,,",
        ",Nameless,kg,0,,,",
        "salt,Salt again,kg,1,,,",
    ]
    sheet = "\r\n".join([HEADER, *rows])
    for encoding in ("utf-8-sig", "gb18030"):
        answer = await upload(shop, "/items/import-file", sheet.encode(encoding))
        assert answer.status_code == 200, answer.text
        report = answer.json()
        assert [(one["line"], one["id"], one["code"]) for one in report["refused"]] == [
            (5, "phone", "serial_needs_whole_units"),
            (6, "tea", "item_in_use"),
            (7, "bad", "invalid_line"),
            (8, None, "invalid_line"),
            (9, "salt", "item_repeated"),
        ]
    assert (report["accepted"], report["unchanged"]) == (0, 2)
    milk = await shop.get("/items/milk")
    assert (milk["tracking"], milk["no_sale_days"], milk["for_sale"]) == ("batch", 2, False)
    assert (await shop.get("/items/salt"))["name"] == "Salt 盐"


async def test_a_workbook_says_the_same_as_a_csv_file(shop: Any) -> None:
    """H6: whole numbers in cells are whole, and true is true."""
    body = workbook(HEADER.split(","), ["milk", "Milk", "EA", 0, "batch", 2.0, True])
    report = (await upload(shop, "/items/import-file", body, XLSX)).json()
    assert report == {"accepted": 1, "unchanged": 0, "refused": []}
    assert (await shop.get("/items/milk"))["no_sale_days"] == 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"PK no zip", XLSX),
        (b"", "text/csv"),
        (b"item_id,name\r\na,b", "text/csv"),
        (f"{HEADER},colour\r\n".encode(), "text/csv"),
        (f"{HEADER},item_id\r\n".encode(), "text/csv"),
        (b"\xff\xff\xff", "text/csv"),
        (f'{HEADER}\r\n"open'.encode(), "text/csv"),
        (HEADER.encode(), "application/json"),
        (b"\n".join([HEADER.encode()] + [b"x"] * 10_001), "text/csv"),
    ],
)
async def test_a_file_that_is_no_sheet_is_refused_and_says_why(
    shop: Any, body: bytes, kind: str
) -> None:
    """H6."""
    answer = await upload(shop, "/items/import-file", body, kind)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet_unreadable")
    assert answer.json()["reason"]


async def test_an_export_can_be_imported_again_and_computes_nothing(shop: Any) -> None:
    """H6: what a spreadsheet would compute is guarded, and means the same when it comes back."""
    trap = {"item_id": "trap", "name": "=1+1", "base_unit": "EA", "scale": 0, "category": "@x"}
    await ask(shop, "/items/import", {"items": [trap]})
    await ask(shop, "/items/disable", {"item_ids": ["trap"]})
    exported = await text_of(shop, "/items.csv")
    assert ",'=1+1," in exported.text
    report = (await upload(shop, "/items/import-file", exported.content)).json()
    assert report == {"accepted": 0, "unchanged": 4, "refused": []}
    first = await text_of(shop, "/items.csv", limit=2)
    assert len(first.text.splitlines()) == 3
    assert first.headers["Link"] == '</items.csv?after=rice&limit=2>; rel="next"'
    template = await text_of(shop, "/items/template.csv")
    assert template.text.startswith("\ufeffitem_id,name,base_unit,scale,category,tracking")


async def test_sites_warehouses_and_units_come_in_sheets_too(shop: Any) -> None:
    """H6."""
    sites = b"site_id,name,time_zone\nwest,West,Europe/Berlin\nmars,Mars,Mars/Base"
    report = (await upload(shop, "/sites/import-file", sites)).json()
    assert (report["accepted"], report["refused"][0]["code"]) == (1, "unknown_time_zone")
    doors = b"site_id,warehouse_id,name,inspect_on_receipt\nwest,lab,Lab,yes\neast,lab,Lab,no"
    report = (await upload(shop, "/warehouses/import-file", doors)).json()
    assert (report["accepted"], report["refused"][0]["code"]) == (1, "unknown_site")
    assert (await shop.get("/sites/west/warehouses"))["items"][0]["inspect_on_receipt"]
    units = b"item_id,unit,numerator\ntea,case,12\nnothing,case,12\ntea,box,1\ntea,tray,0"
    report = (await upload(shop, "/units/import-file", units)).json()
    assert [one["code"] for one in report["refused"]] == [
        "unknown_item",
        "base_unit_given",
        "invalid_line",
    ]
    assert (await shop.get("/items/tea/units"))["items"][0]["numerator"] == 12


KITS = """item_id,component_id,quantity
basket,tea,2
basket,rice,0.5
hamper,tea,1
hamper,nothing,1
crate,rice,seven
crate,tea,1
chest,oil,1
chest,oil,2
tea,rice,1
box,tea,1.5
"""


@pytest.fixture
async def boxes(shop: Any) -> None:
    """Import items that are going to be kits."""
    names = ("basket", "hamper", "crate", "chest", "box")
    items = [{"item_id": one, "name": one, "base_unit": "EA", "scale": 0} for one in names]
    assert (await ask(shop, "/items/import", {"items": items}))[1]["refused"] == []
    await shop.receive(("tea", "1"))


@pytest.mark.usefixtures("boxes")
async def test_kits_come_in_sheets_each_with_all_its_lines_or_not_at_all(shop: Any) -> None:
    """H6, B4: every bad line is named, and the others of its kit say so."""
    for accepted, unchanged in ((1, 0), (0, 1)):
        report = (await upload(shop, "/kits/import-file", KITS.encode())).json()
        assert (report["accepted"], report["unchanged"]) == (accepted, unchanged)
        assert [(one["line"], one["id"], one["code"]) for one in report["refused"]] == [
            (4, "hamper", "kit_torn"),
            (5, "hamper", "unknown_item"),
            (6, "crate", "invalid_line"),
            (7, "crate", "kit_torn"),
            (8, "chest", "kit_repeats_component"),
            (9, "chest", "kit_repeats_component"),
            (10, "tea", "kit_impossible"),
            (11, "box", "quantity_too_precise"),
        ]
    made = (await shop.get("/items/basket/kit"))["components"]
    assert made == [
        {"item_id": "rice", "quantity": "0.5"},
        {"item_id": "tea", "quantity": "2"},
    ]
    for name in ("hamper", "crate", "chest"):
        assert (await text_of(shop, f"/items/{name}/kit")).json()["code"] == "not_a_kit"


@pytest.mark.usefixtures("boxes")
async def test_a_workbook_of_kits_goes_out_and_comes_in_again(shop: Any) -> None:
    """H6: what was exported changes nothing; another quantity is the kit's next version."""
    rows = [["hamper", "tea", 1], ["hamper", "rice", 0.25]]
    body = workbook(["item_id", "component_id", "quantity"], *rows)
    report = (await upload(shop, "/kits/import-file", body, XLSX)).json()
    assert report == {"accepted": 1, "unchanged": 0, "refused": []}
    exported = (await text_of(shop, "/exports/kits")).content
    report = (await upload(shop, "/kits/import-file", exported)).json()
    assert report == {"accepted": 0, "unchanged": 1, "refused": []}
    changed = exported.replace(b"0.25", b"0.5")
    assert (await upload(shop, "/kits/import-file", changed)).json()["accepted"] == 1
    assert (await shop.get("/items/hamper/kit"))["version"] == 2


@pytest.mark.usefixtures("boxes")
async def test_a_kit_of_far_too_many_things_is_refused(shop: Any) -> None:
    lines = [f"box,c{number},1" for number in range(101)]
    sheet = "\n".join(["item_id,component_id,quantity", *lines]).encode()
    report = (await upload(shop, "/kits/import-file", sheet)).json()
    assert {one["code"] for one in report["refused"]} == {"kit_too_large"}
    assert len(report["refused"]) == 101


async def test_a_warehouse_shows_its_entry_code_as_a_picture_that_can_be_changed(shop: Any) -> None:
    """A6."""
    path = "/sites/north/warehouses/main/entry-code"
    picture = await text_of(shop, path)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    changed = (await ask(shop, f"{path}/change", None))[1]
    assert len(changed["entry_code"]) >= 20
    assert (await text_of(shop, path)).content != picture.content
    assert (await text_of(shop, path, "clerk")).status_code == 403
    missing = await text_of(shop, "/sites/north/warehouses/none/entry-code")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_warehouse")


async def test_ghost_items_are_found_disabled_in_bulk_and_brought_back(shop: Any) -> None:
    """I1."""
    await shop.receive(("tea", "1"), ("rice", "1"))
    assert (await shop.get("/items/ghosts"))["items"] == []
    with shifted(timedelta(days=200)):
        ghosts = (await shop.get("/items/ghosts"))["items"]
        assert [(one["item_id"], one["moved_at"]) for one in ghosts] == [("oil", None)]
    report = (await ask(shop, "/items/disable", {"item_ids": ["tea", "oil", "oil", "none"]}))[1]
    assert (report["accepted"], report["unchanged"]) == (1, 1)
    assert [(one["line"], one["id"], one["code"]) for one in report["refused"]] == [
        (1, "tea", "item_has_stock"),
        (4, "none", "unknown_item"),
    ]
    assert (await shop.get("/items/oil"))["disabled"]
    assert (await ask(shop, "/items/oil/enable", None))[1]["disabled"] is False
    facts = [fact.disabled for fact in await shop.facts(ItemDefined) if fact.item_id == "oil"]
    assert facts == [False, True, False]
