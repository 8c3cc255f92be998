"""H6: stock, ledger and masters are the shop's own, as files of every form."""

import csv
import io
from typing import Any

import pytest
from pyarrow import parquet

from servicekit.clock import now

LISTS: dict[str, dict[str, str]] = {
    "stock": {"site_id": "north"},
    "ledger": {"site_id": "north"},
    "items": {},
    "batches": {},
    "kits": {},
}


async def fetched(shop: Any, name: str, sites: Any = ("*",), **asked: Any) -> Any:
    headers = shop.service.headers(["clerk"], sites)
    return await shop.service.api.get(f"/exports/{name}", params=asked, headers=headers)


async def rows(shop: Any, name: str, **asked: Any) -> list[dict[str, str]]:
    answer = await fetched(shop, name, **asked)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
async def stocked(shop: Any) -> Any:
    """Return a shop with goods in two warehouses, a batch and a kit."""
    items = [
        {"item_id": "milk", "name": "Milk", "base_unit": "box", "scale": 0, "tracking": "batch"},
        {"item_id": "basket", "name": "Basket", "base_unit": "EA", "scale": 0},
    ]
    await shop.post("/items/import", {"items": items}, "master_data")
    attributes = {"batch_id": "L1", "expires_on": "2099-01-31", "attributes": {"farm": "=A1"}}
    await shop.post("/items/milk/batches", attributes, "clerk")
    parts = [{"item_id": "tea", "quantity": "2"}, {"item_id": "rice", "quantity": "1"}]
    await shop.post("/items/basket/kit", {"components": parts}, "master_data")
    await shop.receive(("tea", "7"), ("rice", "1.25"))
    await shop.receive(("tea", "2"), warehouse="back")
    await shop.receive(("tea", "9"), site="south")
    return shop


async def test_a_file_says_what_the_list_says(stocked: Any) -> None:
    listed = (await stocked.get("/stock", site_id="north"))["items"]
    filed = await rows(stocked, "stock", site_id="north")
    figures = ("item_id", "warehouse_id", "on_hand", "available", "frozen")
    assert [[one[name] for name in figures] for one in filed] == [
        [one[name] for name in figures] for one in listed
    ]
    assert filed[0].keys() == listed[0].keys()
    ledger = await rows(stocked, "ledger", site_id="north")
    assert [(one["item_id"], one["sequence"], one["change"]) for one in ledger] == [
        ("rice", "1", "1.25"),
        ("tea", "1", "7"),
        ("tea", "2", "2"),
    ]
    entries = (await stocked.get("/ledger", site_id="north", item_id="tea"))["items"]
    assert [one["hash"] for one in entries] == [one["hash"] for one in ledger[1:]]
    assert await rows(stocked, "ledger", site_id="north", item_id="tea") == ledger[1:]


async def test_masters_come_as_files(stocked: Any) -> None:
    (batch,) = await rows(stocked, "batches", item_id="milk")
    assert (batch["batch_id"], batch["attributes"]) == ("L1", '{"farm": "=A1"}')
    assert await rows(stocked, "batches", item_id="tea") == []
    made_of = await rows(stocked, "kits")
    assert [(one["item_id"], one["component_id"], one["quantity"]) for one in made_of] == [
        ("basket", "rice", "1"),
        ("basket", "tea", "2"),
    ]
    items = await rows(stocked, "items")
    assert [one["item_id"] for one in items] == ["basket", "milk", "oil", "rice", "tea"]


async def test_a_file_of_stock_may_tell_of_a_past_moment(stocked: Any) -> None:
    then = now().isoformat()
    await stocked.receive(("tea", "100"))
    asked = {"site_id": "north", "item_id": "tea", "warehouse_id": "main"}
    (line,) = await rows(stocked, "stock", **asked, as_of=then)
    assert (line["on_hand"], line["available"]) == ("7", "")
    (line,) = await rows(stocked, "stock", **asked)
    assert (line["on_hand"], line["available"]) == ("107", "107")


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
async def test_files_come_in_every_form_and_of_the_callers_sites(stocked: Any, form: str) -> None:
    starts = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "parquet": b"PAR1"}
    for name, asked in LISTS.items():
        answer = await fetched(stocked, name, form=form, **asked)
        assert answer.content.startswith(starts[form]), name
        assert answer.headers["Content-Disposition"].endswith(f'"{name}.{form}"')
    for name in ("stock", "ledger"):
        refused = await fetched(stocked, name, ["south"], form=form, site_id="north")
        assert (refused.status_code, refused.json()["code"]) == (403, "site_forbidden")


@pytest.mark.parametrize("name", LISTS)
async def test_a_full_file_names_the_next_one(stocked: Any, name: str) -> None:
    whole = await fetched(stocked, name, form="parquet", **LISTS[name])
    expected = parquet.read_table(io.BytesIO(whole.content)).to_pylist()
    found, link = [], f"/exports/{name}?limit=1&form=parquet&site_id=north"
    for _ in range(len(expected) + 1):
        headers = stocked.service.headers(["clerk"], ["*"])
        answer = await stocked.service.api.get(link, headers=headers)
        found += parquet.read_table(io.BytesIO(answer.content)).to_pylist()
        if "Link" not in answer.headers:
            break
        link = answer.headers["Link"].partition(">")[0].removeprefix("<")
    assert found == expected


async def walked(shop: Any, name: str, **asked: str) -> list[dict[str, Any]]:
    """Return the rows of a list from files of one row each, as each names the next."""
    more = "".join(f"&{key}={value}" for key, value in asked.items())
    found, link = list[dict[str, Any]](), f"/exports/{name}?limit=1&form=parquet{more}"
    while link:
        answer = await shop.service.api.get(link, headers=shop.service.headers(["clerk"], ["*"]))
        assert answer.status_code == 200, answer.text
        found += parquet.read_table(io.BytesIO(answer.content)).to_pylist()
        link = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
    return found


RECORDS = (
    "sites",
    "warehouses",
    "units",
    "devices",
    "arrival-rules",
    "documents",
    "document-lines",
    "reservations",
    "reservation-lines",
    "count-sheets",
    "inspections",
    "inspection-parts",
    "recalls",
    "kit-versions",
    "kit-components",
)
EMPTY = (
    "barcodes",
    "in-transit",
    "recall-deliveries",
    "condition-limits",
    "conditions",
    "cold-chain-breaches",
    "serials",
    "workers",
    "counts",
    "scan-sessions",
    "scan-work",
    "scans",
    "recall-returns",
    "recall-reservations",
    "expiry-notices",
)


@pytest.fixture
async def busy(stocked: Any) -> Any:
    """Return a shop in which something of each kind was done, at two sites."""
    place = {"site_id": "north", "warehouse_id": "main"}
    line = {"item_id": "tea", "quantity": "1", "unit": "box"}
    inspected = {
        **place,
        "item_id": "tea",
        "source": "in_inspection",
        "parts": [{"decision": "release", "quantity": "1"}],
    }
    called = {"number": "RC-1", "item_id": "milk", "batches": ["L1"], "recall_class": "I"}
    held = {"kind": "receipt", **place, "lines": [{**line, "target_status": "in_inspection"}]}
    draft = (await stocked.post("/documents", held, "clerk")).json()
    steps: list[tuple[str, Any, str]] = [
        (f"/documents/{draft['document_id']}/audit", None, "shop_manager"),
        (f"/documents/{draft['document_id']}/post", None, "shop_manager"),
        ("/documents", {"kind": "issue", **place, "reason": "=1+1", "lines": [line]}, "clerk"),
        ("/items/tea/units", {"unit": "case", "numerator": 12, "denominator": 1}, "master_data"),
        (
            "/sites/north/devices",
            {"device_id": "g", "name": "Gun", "kind": "scanner"},
            "shop_manager",
        ),
        ("/count-sheets", {"site_id": "south", "warehouse_id": "main"}, "shop_manager"),
        ("/inspections", inspected, "clerk"),
        ("/recalls", {**called, "reason": "germs"}, "operator"),
    ]
    for path, body, role in steps:
        answer = await stocked.post(path, body, role)
        assert answer.is_success, (path, answer.text)
    rule = {"rule_id": "cold", "priority": 1, "warehouse_id": "back", "active": True, "terms": {}}
    answer = await stocked.post("/sites/north/arrival-rules", rule, "shop_manager")
    assert answer.is_success, answer.text
    await stocked.held(("tea", "2"), ("rice", "1"))
    return stocked


async def test_every_table_of_the_owner_comes_whole_in_files_of_any_size(busy: Any) -> None:
    for name in RECORDS + EMPTY:
        whole = await fetched(busy, name, form="parquet")
        assert whole.status_code == 200, whole.text
        expected = parquet.read_table(io.BytesIO(whole.content)).to_pylist()
        assert bool(expected) is (name in RECORDS), name
        assert await walked(busy, name) == expected, name
        await comes_in_every_form(busy, name)


async def comes_in_every_form(busy: Any, name: str) -> None:
    """See that a file of each form is one, and that another list's cursor is refused."""
    for form, starts in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        assert (await fetched(busy, name, form=form)).content.startswith(starts), name
    wrong = await fetched(busy, name, cursor="WyJhIiwgImIiLCAiYyIsICJkIiwgImUiXQ==")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_cursor")


async def test_tables_say_what_is_kept_and_keep_what_is_secret(busy: Any) -> None:
    (issue,) = [one for one in await rows(busy, "documents") if one["kind"] == "issue"]
    assert (issue["status"], issue["reason"]) == ("draft", "'=1+1")
    lines = await rows(busy, "reservation-lines", site_id="north")
    assert [(one["item_id"], one["quantity"]) for one in lines] == [("tea", "2"), ("rice", "1")]
    warehouses = await rows(busy, "warehouses", site_id="south")
    assert {one["site_id"] for one in warehouses} == {"south"}
    assert "entry_code" not in warehouses[0]
    (unit,) = await rows(busy, "units")
    assert (unit["unit"], unit["numerator"], unit["denominator"]) == ("case", "12", "1")


async def test_tables_are_of_the_callers_sites(busy: Any) -> None:
    for name in ("documents", "reservations", "count-sheets", "warehouses", "in-transit"):
        refused = await fetched(busy, name, ["south"], site_id="north")
        assert (refused.status_code, refused.json()["code"]) == (403, "site_forbidden"), name
        mine = await fetched(busy, name, ["south"], form="parquet")
        table = parquet.read_table(io.BytesIO(mine.content)).to_pylist()
        assert {one["site_id"] for one in table if "site_id" in one} <= {"south"}, name
