"""H6: orders, shipments and returns are the chain's own, as files."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from servicekit.clock import now


async def fetched(shop: Any, path: str, sites: Any = ("*",), **asked: Any) -> Any:
    headers = shop.service.headers(["shop_manager"], sites)
    # Even empty parameters would take the place of those in the address.
    return await shop.service.api.get(path, params=asked or None, headers=headers)


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


COUNTS = {
    "customers": 2,
    "customer-versions": 2,
    "receivables": 0,
    "customer-payments": 0,
    "payment-applications": 0,
    "counter-sale-take-backs": 0,
    "counter-sale-take-back-lines": 0,
    "customer-payouts": 0,
    "customer-payout-parts": 0,
    "order-imports": 0,
    "line-costs": 0,
    "return-costs": 0,
    "cost-corrections": 0,
    "correction-shares": 0,
    "customer-levels": 0,
    "channels": 0,
    "prices": 2,
    "promotions": 2,
    "counter-sales": 1,
    "held-lines": 0,
    "line-prices": 0,
    "order-lines": 3,
    "back-order-goods": 2,
    "back-order-tries": 1,
    "cancelled-rests": 0,
    "vat-rates": 0,
    "invoice-buyers": 0,
    "recalls": 0,
    "recall-notices": 0,
}


async def test_masters_and_what_tills_told_come_as_files(shop: Any) -> None:
    await known(shop)
    for name, count in COUNTS.items():
        whole = await fetched(shop, f"/exports/{name}", form="parquet")
        expected = parquet.read_table(io.BytesIO(whole.content)).to_pylist()
        assert len(expected) == count, name
        assert await walked(shop, name) == expected, name
        for form, starts in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            answer = await fetched(shop, f"/exports/{name}", form=form)
            assert answer.content.startswith(starts), name


async def walked(shop: Any, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table from files of one row each, as each names the next."""
    found, link = list[dict[str, Any]](), f"/exports/{name}?form=parquet&limit=1"
    while link:
        answer = await fetched(shop, link)
        assert answer.status_code == 200, answer.text
        found += parquet.read_table(io.BytesIO(answer.content)).to_pylist()
        link = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
    return found


async def test_what_holds_at_every_site_is_in_the_files_of_each(shop: Any) -> None:
    await known(shop)
    for site_id, names in (("sh-01", ["everywhere", "here"]), ("bj-01", ["everywhere"])):
        found = await rows(shop, "/exports/promotions", site_id=site_id)
        assert sorted(one["name"] for one in found) == names
    assert await rows(shop, "/exports/counter-sales", site_id="bj-01") == []


async def known(shop: Any) -> None:
    """Let there be customers, prices, promotions, a counter sale and a back order."""
    body = {"customer_id": "zhao", "name": "Zhao"}
    assert (await shop.send("/customers", body)).status_code == 201
    for unit_price, quantity in (("12.5", "0"), ("11", "100")):
        price = {"item_id": "tea", "unit": "box", "currency": "CNY", "unit_price": unit_price}
        price |= {"from_quantity": quantity, "valid_from": f"{now() + timedelta(days=2):%Y-%m-%d}"}
        answer = await shop.send("/prices", price, "master_data")
        assert answer.is_success, answer.text
    for name, where in (("everywhere", {}), ("here", {"site_id": "sh-01"})):
        promotion = {
            "name": name,
            "scope": "general",
            "percent_off": "10",
            "starts_at": (now() + timedelta(days=1)).isoformat(),
            "ends_at": (now() + timedelta(days=2)).isoformat(),
            **where,
        }
        answer = await shop.send("/promotions", promotion, "finance")
        assert answer.is_success, answer.text
    basket = {
        "site_id": "sh-01",
        "warehouse_id": "main",
        "device": "till-1",
        "customer_id": "wang",
        "currency": "CNY",
        "lines": [{"item_id": "tea", "quantity": "3", "unit": "box", "amount": "37.50"}],
    }
    answer = await shop.send("/counter-sales", basket)
    assert answer.status_code == 201, answer.text
    shop.line.refusals["reservations"] = (409, {"code": "insufficient_stock"})
    answer = await shop.order(shortage="backorder")
    assert answer.json()["status"] == "backordered", answer.text
