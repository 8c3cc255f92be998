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
