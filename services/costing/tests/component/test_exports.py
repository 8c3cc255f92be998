"""H6: what stock is worth, its entries and the cost of goods sold, as files of every form."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pyarrow import parquet

from contracts.inventory import StockDispatched
from servicekit.clock import now

LISTS = ("costs", "value-entries", "goods-sold", "transit")


async def fetched(costing: Any, path: str, sites: Any = ("*",), **asked: Any) -> Any:
    headers = costing.headers(["finance"], sites)
    return await costing.api.get(path, params=asked, headers=headers)


async def rows(costing: Any, name: str, **asked: Any) -> list[dict[str, Any]]:
    answer = await fetched(costing, f"/exports/{name}", form="parquet", **asked)
    assert answer.status_code == 200, answer.text
    return list(parquet.read_table(io.BytesIO(answer.content)).to_pylist())


@pytest.fixture
async def valued(costing: Any, ledger: Any) -> Any:
    """Return costing with two items received, sold in part, and one of them on its way."""
    tea, rice = ledger(10, -3, item_id="tea"), ledger(4, -1, -2, item_id="rice")
    left = StockDispatched.model_validate(
        {
            **tea[0].model_dump(exclude={"unit_cost", "currency"}),
            "sequence": 3,
            "quantity": Decimal(2),
            "to_site_id": "there",
            "to_warehouse_id": "floor",
        }
    )
    await costing.deliver([*tea, left, *rice])
    return costing


async def test_values_and_their_entries_come_as_the_lists_tell_them(valued: Any) -> None:
    listed = (await fetched(valued, "/costs")).json()["items"]
    figures = ("site_id", "item_id", "sequence", "method", "currency")
    filed = await rows(valued, "costs")
    assert [[one[name] for name in figures] for one in filed] == [
        [one[name] for name in figures] for one in listed
    ]
    assert [one["value"] for one in filed] == [Decimal(one["value"]) for one in listed]
    entries = await rows(valued, "value-entries")
    assert [(one["item_id"], one["sequence"]) for one in entries] == [
        ("rice", 1),
        ("rice", 2),
        ("rice", 3),
        ("tea", 1),
        ("tea", 2),
        ("tea", 3),
    ]
    told = (await fetched(valued, "/costs/s/tea/entries")).json()["items"]
    assert [one["value"] for one in entries[3:]] == [Decimal(one["value"]) for one in told]
    assert await rows(valued, "value-entries", item_id="tea", site_id="s") == entries[3:]


async def test_the_lines_of_goods_sold_add_up_to_their_cost(valued: Any) -> None:
    sold = await rows(valued, "goods-sold")
    assert [(one["item_id"], one["quantity"]) for one in sold] == [
        ("rice", 1),
        ("rice", 2),
        ("tea", 3),
    ]
    report = (await fetched(valued, "/reports/cogs")).json()
    assert sum(one["cost"] for one in sold) == Decimal(report["cogs"])
    assert sum(one["quantity"] for one in sold) == Decimal(report["units"])


async def test_goods_in_transit_come_with_what_they_are_worth(valued: Any) -> None:
    (sent,) = await rows(valued, "transit")
    assert (sent["item_id"], sent["to_site_id"], sent["quantity"]) == ("tea", "there", 2)
    assert sent["value"] == Decimal((await fetched(valued, "/reports/transit")).json()["value"])


async def test_entries_are_of_the_time_and_the_sites_asked_for(valued: Any) -> None:
    later = (now() + timedelta(minutes=1)).isoformat()
    for name, count in (("value-entries", 6), ("goods-sold", 3)):
        assert await rows(valued, name, since=later) == []
        assert len(await rows(valued, name, until=later)) == count
        wrong = await fetched(valued, f"/exports/{name}", cursor="WyJhIiwiYiIsImMiXQ==")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_cursor")
    for name in LISTS:
        refused = await fetched(valued, f"/exports/{name}", ["other"], site_id="s")
        assert (refused.status_code, refused.json()["code"]) == (403, "site_forbidden")
        mine = await fetched(valued, f"/exports/{name}", ["other"], form="parquet")
        assert parquet.read_table(io.BytesIO(mine.content)).num_rows == 0


@pytest.mark.parametrize(
    ("form", "starts"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("parquet", b"PAR1")]
)
async def test_files_come_in_every_form(valued: Any, form: str, starts: bytes) -> None:
    for name in LISTS:
        answer = await fetched(valued, f"/exports/{name}", form=form)
        assert answer.content.startswith(starts), name
        assert answer.headers["Content-Disposition"].endswith(f'"{name}.{form}"')


@pytest.mark.parametrize("name", LISTS)
async def test_a_full_file_names_the_next_one(valued: Any, name: str) -> None:
    def told(one: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in one.items() if key != "as_of"}

    expected = [told(one) for one in await rows(valued, name)]
    found, link = [], f"/exports/{name}?limit=1&form=parquet"
    for _ in range(len(expected) + 1):
        answer = await valued.api.get(link, headers=valued.headers(["finance"]))
        found += parquet.read_table(io.BytesIO(answer.content)).to_pylist()
        if "Link" not in answer.headers:
            break
        link = answer.headers["Link"].partition(">")[0].removeprefix("<")
    assert [told(one) for one in found] == expected
