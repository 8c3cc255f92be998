"""The catalog over HTTP: what there is to keep stock of, and where."""

from typing import Any

import pytest

from contracts.inventory import ItemDefined, SiteDefined, WarehouseDefined

SITE = {"site_id": "west", "name": "West", "time_zone": "Europe/Berlin"}
TEA = {"item_id": "tea", "name": "Tea 茶", "base_unit": "box", "scale": 0, "category": None}


async def import_(shop: Any, *items: object, **more: Any) -> Any:
    answer = await shop.post("/items/import", {"items": items}, "master_data", **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_site_is_created_once_and_its_repetition_is_no_event(shop: Any) -> None:
    before = len(await shop.service.events())
    assert (await shop.post("/sites", SITE, "master_data")).status_code == 201
    assert (await shop.post("/sites", SITE, "master_data")).status_code == 200
    assert (await shop.service.events())[before:] == [SiteDefined.model_validate(SITE)]
    assert await shop.get("/sites/west") == SITE | {"latitude": None, "longitude": None}


async def test_a_site_with_another_name_is_updated_and_published(shop: Any) -> None:
    await shop.post("/sites", SITE, "master_data")
    renamed = {**SITE, "name": "Far West"}
    assert (await shop.post("/sites", renamed, "master_data")).status_code == 200
    assert (await shop.facts(SiteDefined))[-1].name == "Far West"
    assert (await shop.get("/sites/west"))["name"] == "Far West"


async def test_the_same_site_sent_by_many_at_once_is_created_once(shop: Any) -> None:
    answers = await shop.at_once(*(shop.post("/sites", SITE, "master_data") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len([fact for fact in await shop.facts(SiteDefined) if fact.site_id == "west"]) == 1


async def test_a_time_zone_that_does_not_exist_is_refused(shop: Any) -> None:
    answer = await shop.post("/sites", {**SITE, "time_zone": "Mars/Base"}, "master_data")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_time_zone")


async def test_a_warehouse_is_created_updated_and_listed_with_its_site(shop: Any) -> None:
    for name, status in (("Cold", 201), ("Cold", 200), ("Colder", 200)):
        body = {"warehouse_id": "cold", "name": name}
        answer = await shop.post("/sites/north/warehouses", body, "master_data")
        assert answer.status_code == status
    facts = [fact for fact in await shop.facts(WarehouseDefined) if fact.warehouse_id == "cold"]
    assert [fact.name for fact in facts] == ["Cold", "Colder"]
    listed = (await shop.get("/sites/north/warehouses"))["items"]
    assert [one["warehouse_id"] for one in listed] == ["back", "cold", "main"]


async def test_a_warehouse_of_a_site_that_does_not_exist_is_refused(shop: Any) -> None:
    body = {"warehouse_id": "cold", "name": "Cold"}
    answer = await shop.post("/sites/nowhere/warehouses", body, "master_data")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_site")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/sites/nowhere", "unknown_site"),
        ("/sites/nowhere/warehouses", "unknown_site"),
        ("/items/nothing", "unknown_item"),
    ],
)
async def test_what_does_not_exist_is_not_found(shop: Any, path: str, code: str) -> None:
    answer = await shop.service.api.get(path, headers=shop.service.headers(["clerk"]))
    assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_a_caller_sees_its_own_sites_only(shop: Any) -> None:
    listed = await shop.get("/sites", "clerk", ["south"])
    assert [one["site_id"] for one in listed["items"]] == ["south"]
    headers = shop.service.headers(["clerk"], ["south"])
    answer = await shop.service.api.get("/sites/north", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "site_forbidden")


async def test_only_master_data_changes_the_catalog(shop: Any) -> None:
    for path, body in (("/sites", SITE), ("/items/import", {"items": [TEA]})):
        answer = await shop.post(path, body, "clerk")
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


async def test_an_import_reports_line_by_line_and_keeps_the_good_lines(shop: Any) -> None:
    """H6."""
    await shop.receive(("tea", "1"))
    report = await import_(
        shop,
        {"item_id": "salt", "name": "Salt", "base_unit": "kg", "scale": 1},
        {"item_id": "tea", "name": "Tea", "base_unit": "bag", "scale": 0},
        {"item_id": "bad", "name": "Bad", "base_unit": "kg", "scale": 7},
        {"item_id": "salt", "name": "Other salt", "base_unit": "kg", "scale": 1},
        {"item_id": "rice", "name": "Rice", "base_unit": "kg", "scale": 3},
        {"name": "Nameless"},
    )
    assert (report["accepted"], report["unchanged"]) == (1, 1)
    assert [(one["line"], one["id"], one["code"]) for one in report["refused"]] == [
        (2, "tea", "item_in_use"),
        (3, "bad", "invalid_line"),
        (4, "salt", "item_repeated"),
        (6, None, "invalid_line"),
    ]
    assert (await shop.get("/items/salt"))["name"] == "Salt"


async def test_an_item_in_use_can_be_renamed_but_not_recounted(shop: Any) -> None:
    await shop.receive(("tea", "1"))
    assert (await import_(shop, {**TEA, "name": "Green tea"}))["accepted"] == 1
    for change in ({"scale": 2}, {"base_unit": "bag"}):
        refused = (await import_(shop, {**TEA, **change}))["refused"]
        assert [one["code"] for one in refused] == ["item_in_use"]
    assert (await shop.get("/items/tea")).items() >= {"name": "Green tea", "in_use": True}.items()
    facts = [fact for fact in await shop.facts(ItemDefined) if fact.item_id == "tea"]
    assert [(fact.name, fact.scale) for fact in facts] == [("Tea 茶", 0), ("Green tea", 0)]


async def test_an_item_never_moved_can_be_recounted(shop: Any) -> None:
    assert (await import_(shop, {**TEA, "scale": 2}))["accepted"] == 1
    assert (await shop.get("/items/tea"))["scale"] == 2


async def test_imports_of_the_same_items_at_once_neither_fail_nor_repeat(shop: Any) -> None:
    items = [
        {"item_id": f"new-{number}", "name": "New", "base_unit": "box", "scale": 0}
        for number in range(50)
    ]
    turned = [items, items[::-1], items, items[::-1]]
    reports = [import_(shop, *order) for order in turned]
    done = await shop.at_once(*reports)
    assert sum(report["accepted"] for report in done) == 50
    assert sum(report["unchanged"] for report in done) == 150


async def test_lists_go_on_where_the_cursor_says(shop: Any) -> None:
    first = await shop.get("/items", limit=2)
    second = await shop.get("/items", limit=2, cursor=first["next_cursor"])
    names = [one["item_id"] for one in (*first["items"], *second["items"])]
    assert (names, second["next_cursor"]) == (["oil", "rice", "tea"], None)
