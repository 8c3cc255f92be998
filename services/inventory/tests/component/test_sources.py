"""Where sites are, who ships for others, what they have of a wish, and what stands in for what."""

from typing import Any

from contracts.inventory import SiteDefined, SubstituteDefined, WarehouseDefined

KEEPER = "master_data"
SHANGHAI = {"latitude": "31.230416", "longitude": "121.473701"}


def site(**changes: Any) -> dict[str, Any]:
    return {"site_id": "north", "name": "north", "time_zone": "Asia/Shanghai", **changes}


def wish(*lines: tuple[str, str, str], **changes: Any) -> dict[str, Any]:
    places = [
        {"site_id": one, "warehouse_id": two}
        for one in ("north", "south")
        for two in ("main", "back")
    ]
    return {
        "site_id": "north",
        "warehouse_id": "main",
        "lines": [{"item_id": item, "quantity": much, "unit": unit} for item, much, unit in lines],
        "places": places,
        **changes,
    }


async def test_a_site_says_where_it_is_and_says_so_once(shop: Any) -> None:
    for status in (200, 200):
        answer = await shop.post("/sites", site(**SHANGHAI), KEEPER)
        assert (answer.status_code, answer.json()["latitude"]) == (status, "31.230416")
    told = [one for one in await shop.facts(SiteDefined) if one.site_id == "north"]
    assert [str(one.longitude) for one in told] == ["None", "121.473701"]
    assert (await shop.get("/sites/north"))["longitude"] == "121.473701"


async def test_half_a_position_and_one_off_the_earth_are_refused(shop: Any) -> None:
    half = await shop.post("/sites", site(latitude="1"), KEEPER)
    assert (half.status_code, half.json()["code"]) == (422, "position_incomplete")
    for off in ({"latitude": "90.000001", "longitude": "0"}, {"latitude": 1, "longitude": 2}):
        answer = await shop.post("/sites", site(**off), KEEPER)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_sheet_brings_positions_and_who_ships_for_others(shop: Any) -> None:
    headers = {**shop.service.headers([KEEPER], ["*"]), "Content-Type": "text/csv"}
    rows = b"site_id,name,time_zone,latitude,longitude\neast,East,Asia/Shanghai,-10.5,20\n"
    sent = await shop.service.api.post("/sites/import-file", content=rows, headers=headers)
    assert sent.json() == {"accepted": 1, "unchanged": 0, "refused": []}
    assert (await shop.get("/sites/east"))["latitude"] == "-10.5"
    headers = {**shop.service.headers([KEEPER], ["*"]), "Content-Type": "text/csv"}
    rows = b"site_id,warehouse_id,name,ships_for_others\neast,depot,Depot,true\n"
    sent = await shop.service.api.post("/warehouses/import-file", content=rows, headers=headers)
    assert sent.json() == {"accepted": 1, "unchanged": 0, "refused": []}
    (told,) = [one for one in await shop.facts(WarehouseDefined) if one.site_id == "east"]
    assert told.ships_for_others


async def test_what_places_have_of_a_wish_is_answered_at_once(shop: Any) -> None:
    """B1: available alone counts, of each place by itself."""
    await shop.post("/items/tea/units", {"unit": "case", "numerator": 10}, KEEPER)
    await shop.receive(("tea", "25"), ("rice", "1.5"))
    await shop.receive(("tea", "7"), site="south", warehouse="back")
    await shop.held(("tea", "4"))
    asked = wish(("tea", "2", "case"), ("rice", "2", "kg"))
    answer = await shop.post("/reservations/sources", asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [(one["quantity"], one["step"]) for one in found["lines"]] == [
        ("2", "1"),
        ("2", "0.001"),
    ]
    assert found["lines"][0]["parts"] == [{"item_id": "tea", "batch_id": "", "quantity": "20"}]
    stock = [
        (one["site_id"], one["warehouse_id"], one["item_id"], one["available"])
        for one in found["stock"]
    ]
    assert stock == [
        ("north", "main", "rice", "1.5"),
        ("north", "main", "tea", "21"),
        ("south", "back", "tea", "7"),
    ]


async def test_a_kit_is_looked_for_by_its_components(shop: Any) -> None:
    """B4."""
    box = {"item_id": "box", "name": "Box", "base_unit": "EA", "scale": 0}
    await shop.post("/items/import", {"items": [box]}, KEEPER)
    made = {
        "components": [{"item_id": "tea", "quantity": "2"}, {"item_id": "oil", "quantity": "1"}]
    }
    assert (await shop.post("/items/box/kit", made, KEEPER)).status_code == 201
    (line,) = (await shop.post("/reservations/sources", wish(("box", "3", "EA")))).json()["lines"]
    parts = {one["item_id"]: one["quantity"] for one in line["parts"]}
    assert (line["step"], parts) == ("1", {"tea": "6", "oil": "3"})


async def test_who_looks_for_sources_must_cover_the_places_and_know_the_goods(shop: Any) -> None:
    foreign = await shop.post("/reservations/sources", wish(("tea", "1", "box")), sites=["north"])
    assert (foreign.status_code, foreign.json()["code"]) == (403, "site_forbidden")
    unknown = await shop.post("/reservations/sources", wish(("gold", "1", "kg")))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_item")
    unit = await shop.post("/reservations/sources", wish(("tea", "1", "sack")))
    assert (unit.status_code, unit.json()["code"]) == (422, "unknown_unit")


def substitute(**changes: Any) -> dict[str, Any]:
    return {"substitute_id": "rice", "valid_from": "2026-01-01", **changes}


async def test_substitutes_are_listed_by_rank_and_told_once(shop: Any) -> None:
    path = "/items/tea/substitutes"
    second = substitute(rank=2, numerator=6, denominator=4, both_ways=True)
    for status in (201, 200):
        answer = await shop.post(path, second, KEEPER)
        assert (answer.status_code, answer.json()["numerator"]) == (status, 3)
    assert (await shop.post(path, substitute(substitute_id="oil"), KEEPER)).status_code == 201
    first = await shop.get(path, limit=1)
    rest = await shop.get(path, limit=1, cursor=first["next_cursor"])
    assert [first["items"][0]["substitute_id"], rest["items"][0]["substitute_id"]] == [
        "oil",
        "rice",
    ]
    ended = await shop.post(path, {**second, "valid_to": "2026-02-01"}, KEEPER)
    assert ended.status_code == 200
    told = await shop.facts(SubstituteDefined)
    assert [(one.substitute_id, one.numerator, str(one.valid_to)) for one in told] == [
        ("rice", 3, "None"),
        ("oil", 1, "None"),
        ("rice", 3, "2026-02-01"),
    ]


async def test_what_can_not_stand_in_is_refused(shop: Any) -> None:
    path = "/items/tea/substitutes"
    gift = {"item_id": "gift", "name": "Gift", "base_unit": "EA", "scale": 0, "for_sale": False}
    await shop.post("/items/import", {"items": [gift]}, KEEPER)
    for body, expected in (
        (substitute(substitute_id="tea"), (422, "substitute_itself")),
        (substitute(valid_to="2025-12-31"), (422, "substitute_never_valid")),
        (substitute(substitute_id="gift"), (422, "substitute_not_sold")),
        (substitute(substitute_id="gold"), (404, "unknown_item")),
        (substitute(numerator=0), (422, "invalid_request")),
    ):
        answer = await shop.post(path, body, KEEPER)
        assert (answer.status_code, answer.json()["code"]) == expected
    assert (await shop.post(path, substitute(), "clerk")).status_code == 403


async def test_a_sheet_of_substitutes_is_taken_line_by_line_and_given_back(shop: Any) -> None:
    """H6."""
    rows = (
        b"item_id,substitute_id,rank,numerator,denominator,both_ways,valid_from,valid_to\n"
        b"tea,rice,1,3,2,true,2026-01-01,\ntea,tea,1,1,1,false,2026-01-01,\n"
    )
    headers = {**shop.service.headers([KEEPER], ["*"]), "Content-Type": "text/csv"}
    sent = await shop.service.api.post("/substitutes/import-file", content=rows, headers=headers)
    report = sent.json()
    assert (report["accepted"], [one["code"] for one in report["refused"]]) == (
        1,
        ["substitute_itself"],
    )
    headers = shop.service.headers([KEEPER], ["*"])
    file = await shop.service.api.get("/exports/substitutes?form=csv", headers=headers)
    assert "tea,rice,1,3,2" in file.text
