"""H6: orders, shipments and returns are the chain's own, as files."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from servicekit.clock import now


async def fetched(shop: Any, path: str, sites: Any = ("*",), **asked: Any) -> Any:
    headers = shop.service.headers(["shop_manager"], sites)
    return await shop.service.api.get(path, params=asked, headers=headers)


async def rows(shop: Any, path: str, **asked: Any) -> list[dict[str, str]]:
    answer = await fetched(shop, path, **asked)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def shipped(shop: Any) -> dict[str, Any]:
    order = await shop.paid()
    answer = await shop.send(f"/orders/{order['order_id']}/ship")
    return dict(answer.json())


async def test_each_line_says_what_its_document_says(shop: Any) -> None:
    shipment = await shipped(shop)
    ordered = await rows(shop, "/exports/orders")
    assert [(one["item_id"], one["quantity"], one["amount"]) for one in ordered] == [
        ("tea", "3", "37.5"),
        ("rice", "1.25", "9.9"),
    ]
    assert {one["status"] for one in ordered} == {"shipped"}
    left = await rows(shop, "/exports/shipments")
    assert {(one["number"], one["posted_by"], one["signed_by"]) for one in left} == {
        (shipment["number"], "tester", "")
    }
    lines = [{"shipment_line_no": 1, "quantity": "2"}]
    body = {"shipment_id": shipment["shipment_id"], "lines": lines, "reason": "=1+1"}
    await shop.send("/returns", body)
    (back,) = await rows(shop, "/exports/returns")
    assert (back["shipment_number"], back["quantity"], back["amount"]) == (
        shipment["number"],
        "2",
        "",
    )
    assert (back["status"], back["reason"]) == ("draft", "'=1+1")


async def test_a_file_that_is_full_names_the_next_one(shop: Any) -> None:
    numbers = [(await shop.order()).json()["number"] for _ in range(3)]
    seen, path = list[tuple[str, str]](), "/exports/orders?limit=4&form=csv"
    for _ in range(2):
        answer = await fetched(shop, path)
        seen += [
            (one["number"], one["line_no"])
            for one in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        ]
        path = answer.headers.get("Link", "<>; end").partition(">")[0].removeprefix("<")
    assert seen == [(number, line) for number in numbers for line in ("1", "2")]
    assert path == ""


async def test_files_are_of_the_callers_sites_and_of_the_time_asked_for(shop: Any) -> None:
    for site in ("sh-01", "bj-01"):
        await shop.order(site_id=site)
    mine = await fetched(shop, "/exports/orders", ["bj-01"])
    assert mine.text.count("bj-01") > 0
    assert "sh-01" not in mine.text
    refused = await fetched(shop, "/exports/orders", ["bj-01"], site_id="sh-01")
    assert (refused.status_code, refused.json()["code"]) == (403, "site_forbidden")
    later = (now() + timedelta(minutes=1)).isoformat()
    assert await rows(shop, "/exports/orders", since=later) == []
    assert len(await rows(shop, "/exports/orders", until=later, site_id="sh-01")) == 2
    assert len(await rows(shop, "/exports/orders", since="0001-01-01T00:00:00Z")) == 4
    wrong = await fetched(shop, "/exports/orders", cursor="WyJhIiwiYiJd")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_cursor")
    assert (await fetched(shop, "/exports/orders", form="pdf")).status_code == 422


@pytest.mark.parametrize(("form", "starts"), [("xlsx", b"PK"), ("parquet", b"PAR1")])
async def test_a_file_is_what_its_name_says(shop: Any, form: str, starts: bytes) -> None:
    await shop.order()
    answer = await fetched(shop, "/exports/orders", form=form)
    assert answer.content.startswith(starts)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="orders.{form}"'
    if form == "xlsx":
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
        assert len(sheet.to_python()) == 3
