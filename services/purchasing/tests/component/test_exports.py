"""H6: orders and receipts are the chain's own, as files."""

import csv
import io
from typing import Any

import pytest


async def fetched(desk: Any, path: str, sites: Any = ("*",), **asked: Any) -> Any:
    headers = desk.service.headers(["buyer"], sites)
    return await desk.service.api.get(path, params=asked, headers=headers)


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
