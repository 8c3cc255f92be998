"""H6: orders and receipts are the chain's own, as files."""

import csv
import io
from typing import Any

import pytest

from purchasing.insight.routes.tables import TABLES


async def fetched(desk: Any, path: str, sites: Any = ("*",), **asked: Any) -> Any:
    headers = desk.service.headers(["buyer"], sites)
    # Even empty parameters would take the place of those in the address.
    return await desk.service.api.get(path, params=asked or None, headers=headers)


async def rows(desk: Any, path: str, **asked: Any) -> list[dict[str, str]]:
    answer = await fetched(desk, path, **asked)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_each_line_says_what_its_document_says(desk: Any) -> None:
    receipt = await desk.posting((1, "10"))
    ordered = await rows(desk, "/exports/orders")
    assert {(one["order_id"], one["site_id"], one["status"]) for one in ordered} == {
        (receipt["order_id"], "sh-01", "placed")
    }
    assert [one["line_no"] for one in ordered] == [str(no + 1) for no in range(len(ordered))]
    (line,) = await rows(desk, "/exports/receipts", site_id="sh-01")
    assert (line["number"], line["status"]) == (receipt["number"], "posting")
    assert (line["quantity"], line["unit_cost"], line["currency"]) == ("10", "12.5", "CNY")
    assert (line["posted_by"], line["booked_at"]) == ("tester", "")


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
async def test_files_come_in_every_form_and_of_the_callers_sites(desk: Any, form: str) -> None:
    await desk.posting((1, "10"))
    starts = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "parquet": b"PAR1"}
    for name in ("orders", "receipts"):
        answer = await fetched(desk, f"/exports/{name}", form=form)
        assert answer.content.startswith(starts[form])
        assert answer.headers["Content-Disposition"].endswith(f'"{name}.{form}"')
    assert len((await fetched(desk, "/exports/orders", ["bj-01"])).text.splitlines()) == 1
    refused = await fetched(desk, "/exports/receipts", ["bj-01"], site_id="sh-01")
    assert refused.json()["code"] == "site_forbidden"


async def test_masters_and_invoices_come_as_files(desk: Any) -> None:
    price = {
        "item_id": "tea",
        "unit": "box",
        "currency": "CNY",
        "valid_from": "2026-01-01",
        "breaks": [{"unit_cost": "10"}, {"from_quantity": "100", "unit_cost": "9.5"}],
    }
    assert (await desk.send("/suppliers/acme/prices", price, "buyer")).status_code == 201
    (supplier,) = await rows(desk, "/exports/suppliers")
    assert (supplier["supplier_id"], supplier["name"]) == ("acme", "Acme")
    (agreed,) = await rows(desk, "/exports/prices")
    breaks = await rows(desk, "/exports/price-breaks")
    assert [(one["price_id"], one["from_quantity"], one["unit_cost"]) for one in breaks] == [
        (agreed["price_id"], "0", "10"),
        (agreed["price_id"], "100", "9.5"),
    ]
    first = await fetched(desk, "/exports/price-breaks", limit=1)
    link = first.headers["Link"].partition(">")[0].removeprefix("<")
    assert await rows(desk, link) == breaks[1:]


async def test_each_table_comes_in_every_form(desk: Any) -> None:
    starts = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "parquet": b"PAR1"}
    for name in (one.name for one in TABLES):
        for form, start in starts.items():
            answer = await fetched(desk, f"/exports/{name}", form=form)
            assert answer.status_code == 200, answer.text
            assert answer.content.startswith(start), name
        elsewhere = "WyJhIiwgImIiLCAiYyIsICJkIiwgImUiXQ=="
        wrong = await fetched(desk, f"/exports/{name}", cursor=elsewhere)
        assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_cursor"), name


async def test_suppliers_take_nothing_along(desk: Any) -> None:
    headers = desk.service.headers(["supplier"])
    answer = await desk.service.api.get("/exports/suppliers", headers=headers)
    assert answer.status_code == 403


async def test_what_names_no_site_is_for_those_who_see_every_site(desk: Any) -> None:
    for name in ("order-changes", "confirmation-lines", "accrual-lines", "matches"):
        refused = await fetched(desk, f"/exports/{name}", ["sh-01"])
        assert (refused.status_code, refused.json()["code"]) == (403, "site_forbidden"), name
