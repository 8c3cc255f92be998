"""What the chain has in the platform can be taken out of it again."""

import io
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from pyarrow import parquet


async def table(chain: Any, service: str, path: str, **asked: Any) -> list[dict[str, Any]]:
    """Return the rows of a list as a program reads them."""
    answer = await chain.get(service, path, form="parquet", **asked)
    assert answer.status_code == 200, answer.text
    return list(parquet.read_table(io.BytesIO(answer.content)).to_pylist())


async def test_orders_receipts_and_shipments_come_as_files(chain: Any) -> None:
    """H6: typed and exact, as CSV and as a workbook too."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "3.333333")})
    customer = await chain.make_customer()
    body = chain.order_body(customer, site_id, {tea: ("4", "20.00")})
    order = chain.must(await chain.insist("sales", "/orders", body))
    path = f"/orders/{order['order_id']}"
    assert (await chain.settled(order["order_id"]))["status"] == "reserved"
    chain.must(await chain.insist("sales", f"{path}/pay", {"amount": order["total"]}))
    assert (await chain.settled(order["order_id"]))["status"] == "paid"
    shipment = chain.must(await chain.insist("sales", f"{path}/ship"))
    (received,) = await table(chain, "purchasing", "/exports/receipts", site_id=site_id)
    assert (received["item_id"], received["unit_cost"]) == (tea, Decimal("3.333333"))
    (bought,) = await table(chain, "purchasing", "/exports/orders", site_id=site_id)
    assert bought["order_id"] == received["order_id"]
    (sold,) = await table(chain, "sales", "/exports/orders", site_id=site_id)
    assert (sold["number"], sold["amount"], sold["status"]) == (order["number"], 20, "shipped")
    (left,) = await table(chain, "sales", "/exports/shipments", site_id=site_id)
    assert (left["number"], left["quantity"]) == (shipment["number"], 4)
    assert await table(chain, "sales", "/exports/returns", site_id=site_id) == []


async def test_stock_its_ledger_and_the_masters_come_as_files(chain: Any) -> None:
    """H6: exact; and kits that come in by a sheet, each with all its lines or not at all."""
    site_id, (tea, cup, kit) = await chain.make_site(), await chain.make_items(3)
    sheet = f"item_id,component_id,quantity\n{kit},{tea},2\n{kit},{cup},1\n"
    report = chain.must(await upload(chain, f"{sheet}{kit},{kit}-x,1\n"))
    codes = [(one["line"], one["code"]) for one in report["refused"]]
    assert codes == [(2, "kit_torn"), (3, "kit_torn"), (4, "unknown_item")]
    report = chain.must(await upload(chain, sheet))
    assert (report["accepted"], report["refused"]) == (1, [])
    every = await table(chain, "inventory", "/exports/kits")
    made_of = {one["component_id"]: one["quantity"] for one in every if one["item_id"] == kit}
    assert made_of == {tea: 2, cup: 1}
    await chain.stock_up(site_id, {tea: ("10", "3.333333"), cup: ("4", "1.00")})
    stock = await table(chain, "inventory", "/exports/stock", site_id=site_id)
    assert {one["item_id"]: one["on_hand"] for one in stock} == {tea: 10, cup: 4}
    ledger = await table(chain, "inventory", "/exports/ledger", site_id=site_id)
    assert {(one["item_id"], one["sequence"], one["change"]) for one in ledger} == {
        (tea, 1, 10),
        (cup, 1, 4),
    }


async def upload(chain: Any, sheet: str) -> Any:
    """Send a sheet of kits, as somebody who keeps masters does."""
    url = chain.stack.info.service_urls["inventory"]
    token = chain.stack.token("keeper", ["master_data"], ["*"], 1)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv"}
    headers["Idempotency-Key"] = str(uuid4())
    return await chain.http.post(f"{url}/kits/import-file", content=sheet, headers=headers)


async def test_values_and_the_cost_of_goods_sold_come_as_files(chain: Any) -> None:
    """H6: what costing has, to the cent; the lines of goods sold add up to what is reported."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "3.333333")})
    body = chain.order_body(await chain.make_customer(), site_id, {tea: ("4", "20.00")})
    assert await chain.sell(body, f"{chain.tag}-sold") == "shipped"
    await chain.drain()
    (worth,) = await table(chain, "costing", "/exports/costs", site_id=site_id)
    assert (worth["item_id"], worth["quantity"], worth["value"]) == (tea, 6, 20)
    entries = await table(chain, "costing", "/exports/value-entries", site_id=site_id)
    assert [(one["kind"], one["quantity"]) for one in entries] == [
        ("receipt", 10),
        ("shipment", -4),
    ]
    sold = await table(chain, "costing", "/exports/goods-sold", site_id=site_id)
    report = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert sum(one["cost"] for one in sold) == Decimal(report["cogs"]) > 0
    assert await table(chain, "costing", "/exports/transit", site_id=site_id) == []


async def test_count_sheets_and_trace_codes_come_as_files(chain: Any) -> None:
    """H4, H6."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "1")})
    wanted = {"site_id": site_id, "warehouse_id": "floor"}
    sheet = chain.must(await chain.post("inventory", "/count-sheets", wanted))
    path = f"/count-sheets/{sheet['sheet_id']}/lines/export"
    (line,) = await table(chain, "inventory", path)
    assert (line["item_id"], line["counted"]) == (tea, None)
    assert await table(chain, "inventory", f"/items/{tea}/trace-codes/export") == []


@pytest.mark.parametrize(("form", "starts"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
async def test_the_same_lists_open_in_any_program_for_sheets(
    chain: Any, form: str, starts: bytes
) -> None:
    """H6."""
    for service, path in (
        ("sales", "/exports/orders"),
        ("purchasing", "/exports/receipts"),
        ("inventory", "/exports/items"),
        ("inventory", "/exports/batches"),
        ("purchasing", "/accruals/export"),
        ("inventory", "/exports/documents"),
        ("inventory", "/exports/conditions"),
        ("purchasing", "/exports/suppliers"),
        ("purchasing", "/exports/invoices"),
        ("sales", "/exports/customers"),
        ("sales", "/exports/prices"),
        ("costing", "/exports/costs"),
        ("costing", "/exports/value-entries"),
        ("costing", "/exports/goods-sold"),
        ("costing", "/exports/transit"),
    ):
        answer = await chain.get(service, path, form=form)
        assert answer.status_code == 200
        assert answer.content.startswith(starts)
