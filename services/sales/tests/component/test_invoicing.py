"""What was sold and what came back, as the tax bureau wants it listed (H5)."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from contracts.inventory import ItemDefined
from servicekit.clock import now, shifted

TEA = {"item_id": "tea", "quantity": "3", "unit": "box", "amount": "37.50"}
RICE = {"item_id": "rice", "quantity": "1.250", "unit": "kg", "amount": "9.90"}


async def set_rate(shop: Any, scope: str, percent: str, **more: Any) -> Any:
    body = {"scope": scope, "percent": percent, "valid_from": "2020-01-01", **more}
    return await shop.send("/output-vat-rates", body, "finance")


async def sold(shop: Any, **changes: Any) -> Any:
    order = await shop.paid(**changes)
    return (await shop.send(f"/orders/{order['order_id']}/ship")).json()


async def brought_back(shop: Any, shipment: Any, line_no: int, quantity: str) -> Any:
    line = {"shipment_line_no": line_no, "quantity": quantity}
    body = {"shipment_id": shipment["shipment_id"], "lines": [line]}
    made = (await shop.send("/returns", body)).json()
    await shop.send(f"/returns/{made['return_id']}/audit")
    return (await shop.send(f"/returns/{made['return_id']}/post")).json()


def month(at: datetime | None = None) -> str:
    """Return the month it is in Shanghai."""
    return f"{(at or now()).astimezone(UTC) + timedelta(hours=8):%Y-%m}"


async def listed(shop: Any, **asked: Any) -> Any:
    return await shop.read("/output-invoices", period=month(), **asked)


async def test_sales_are_blue_and_returns_red_at_the_rate_of_their_item(shop: Any) -> None:
    """H5."""
    assert (await set_rate(shop, "general", "13")).status_code == 201
    await set_rate(shop, "item", "9", name="rice")
    shipment = await sold(shop)
    made = await brought_back(shop, shipment, 1, "1")
    lines = (await listed(shop))["items"]
    seen = [(one["kind"], one["number"], one["amount"], one["percent"]) for one in lines]
    number = shipment["number"]
    assert seen == [
        ("blue", number, "37.5", "13"),
        ("blue", number, "9.9", "9"),
        ("red", made["number"], "-12.5", "13"),
    ]
    # 4.875 and 0.891 and -1.625, each to the cent.
    assert [one["tax"] for one in lines] == ["4.88", "0.89", "-1.63"]
    assert [one["total"] for one in lines] == ["42.38", "10.79", "-14.13"]
    red = lines[2]
    assert (red["original_number"], red["quantity"], red["unit_price"]) == (number, "-1", "12.5")
    sums = await shop.read("/output-invoices/sums", period=month())
    assert [(one["kind"], one["percent"], one["amount"], one["tax"]) for one in sums] == [
        ("blue", "13", "37.5", "4.88"),
        ("red", "13", "-12.5", "-1.63"),
        ("blue", "9", "9.9", "0.89"),
    ]


async def test_without_a_rate_there_is_no_list_and_the_items_are_named(shop: Any) -> None:
    await set_rate(shop, "item", "13", name="tea")
    await sold(shop)
    for path in ("/output-invoices", "/output-invoices/sums", "/output-invoices/export"):
        refused = await shop.read(path, period=month())
        assert (refused["code"], refused["items"]) == ("vat_rate_missing", ["rice"])


async def test_the_narrowest_rate_in_force_on_the_day_counts(shop: Any) -> None:
    leaf = ItemDefined(item_id="tea", name="Tea", base_unit="box", scale=0, category="leaf")
    await shop.service.deliver(leaf)
    tomorrow = str((now() + timedelta(days=2)).date())
    for rate in (
        {"scope": "general", "percent": "13"},
        {"scope": "category", "name": "leaf", "percent": "9"},
        {"scope": "item", "name": "tea", "percent": "6", "valid_from": tomorrow},
    ):
        assert (await set_rate(shop, **rate)).status_code == 201
    await sold(shop)
    assert [one["percent"] for one in (await listed(shop))["items"]] == ["9", "13"]
    await set_rate(shop, "general", "0")
    assert [one["percent"] for one in (await listed(shop))["items"]] == ["9", "0"]
    rates = (await shop.read("/output-vat-rates"))["items"]
    assert [(one["scope"], one["name"], one["percent"]) for one in rates] == [
        ("category", "leaf", "9"),
        ("general", "", "0"),
        ("item", "tea", "6"),
    ]


async def test_a_month_is_that_of_the_site_and_free_goods_are_on_no_invoice(shop: Any) -> None:
    await set_rate(shop, "general", "13")
    first = (now() + timedelta(days=40)).replace(day=1, hour=0, minute=5) - timedelta(hours=8)
    free = {**TEA, "amount": "0"}
    with shifted(first - now()):
        await sold(shop, lines=[free, {**RICE, "amount": "47.40"}])
    this, before = month(first), month(first - timedelta(days=1))
    assert this != before
    of_this = await shop.read("/output-invoices", period=this)
    assert [one["item_id"] for one in of_this["items"]] == ["rice"]
    assert (await shop.read("/output-invoices", period=before))["items"] == []


async def test_an_invoice_names_the_buyer_as_finance_said(shop: Any) -> None:
    await set_rate(shop, "general", "13")
    await sold(shop)
    path, body = "/customers/wang/invoice-title", {"title": "王记茶行有限公司"}
    titled = await shop.send(path, {**body, "tax_number": "91310000MA1FL0000X"}, "finance")
    assert titled.status_code == 200, titled.text
    lines = (await listed(shop))["items"]
    assert {(one["buyer"], one["tax_number"]) for one in lines} == {
        ("王记茶行有限公司", "91310000MA1FL0000X")
    }
    assert (await shop.send("/customers/nobody/invoice-title", body, "finance")).status_code == 404
    assert (await shop.send(path, body, "clerk")).status_code == 403


async def exported(shop: Any, form: str) -> bytes:
    headers = shop.service.headers(["finance"])
    given = {"period": month(), "form": form}
    answer = await shop.service.api.get("/output-invoices/export", params=given, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].endswith(f'-{month()}.{form}"')
    return bytes(answer.content)


@pytest.mark.parametrize("title", ["=1+1", "-1+1", "@name"])
async def test_the_list_is_exported_as_csv_and_as_a_workbook(shop: Any, title: str) -> None:
    """H5: with the same headings and figures; no title is computed, and no figure is a text."""
    await set_rate(shop, "general", "13")
    await shop.send("/customers/wang/invoice-title", {"title": title}, "finance")
    await brought_back(shop, await sold(shop), 1, "3")
    text = (await exported(shop, "csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(one["发票类型"], one["金额（不含税）"], one["税额"]) for one in rows] == [
        ("蓝字", "37.5", "4.88"),
        ("蓝字", "9.9", "1.29"),
        ("红字", "-37.5", "-4.88"),
    ]
    assert rows[0]["购方名称"] == f"'{title}"
    book = CalamineWorkbook.from_filelike(io.BytesIO(await exported(shop, "xlsx")))
    (sheet,) = [book.get_sheet_by_index(0).to_python()]
    assert sheet[0] == list(rows[0])
    column = sheet[0].index("价税合计")
    assert [row[column] for row in sheet[1:]] == [42.38, 11.19, -42.38]
    assert sheet[1][sheet[0].index("购方名称")] == title


async def test_goods_without_a_rate_that_are_sold_between_two_pages_stop_the_second(
    shop: Any,
) -> None:
    await shop.service.deliver(ItemDefined(item_id="cup", name="Cup", base_unit="pc", scale=0))
    for item_id in ("tea", "rice"):
        await set_rate(shop, "item", "13", name=item_id)
    await sold(shop)
    page = await listed(shop, limit=1)
    cup = {"item_id": "cup", "quantity": "1", "unit": "pc", "amount": "47.40"}
    await sold(shop, lines=[cup])
    rest = await listed(shop, cursor=page["next_cursor"])
    assert (rest["code"], rest["items"]) == ("vat_rate_missing", ["cup"])


async def test_the_list_goes_on_page_by_page_and_shows_only_what_the_caller_may_see(
    shop: Any,
) -> None:
    await set_rate(shop, "general", "13")
    for _ in range(2):
        await sold(shop)
    whole = (await listed(shop))["items"]
    seen, cursor = [], None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        page = await listed(shop, limit=3, **more)
        seen += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == whole
    assert len(whole) == 4
    assert (await listed(shop, sites=["bj-01"]))["items"] == []
    assert (await listed(shop, sites=["bj-01"], site_id="sh-01"))["code"] == "site_forbidden"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"scope": "general", "name": "tea"}, "vat_scope_unclear"),
        ({"scope": "category"}, "vat_scope_unclear"),
        ({"scope": "item", "name": "moon"}, "unknown_item"),
    ],
)
async def test_a_rate_says_what_it_is_for(shop: Any, body: dict[str, str], code: str) -> None:
    answer = await set_rate(shop, percent="13", **body)
    assert answer.json()["code"] == code
