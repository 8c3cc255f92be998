"""Goods are ordered by the case and in foreign money, and come into the books in pieces and at the
period's rate; free goods come in only as what is not for sale."""

from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from servicekit.clock import now

Json = dict[str, Any]
CASE = {"unit": "case", "numerator": 12, "denominator": 1}


async def item(chain: Any, **description: Any) -> str:
    """Import an item and wait until purchasing knows it."""
    item_id = f"p-{uuid4().hex[:8]}"
    body = {"item_id": item_id, "name": item_id, "base_unit": "EA", "scale": 0, **description}
    report = chain.must(await chain.post("inventory", "/items/import", {"items": [body]}))
    assert report["refused"] == []

    async def known() -> bool:
        return bool((await chain.get("purchasing", f"/reference/items/{item_id}")).is_success)

    await chain.eventually(known, f"purchasing to know {item_id}")
    return item_id


async def order(chain: Any, site_id: str, *lines: Json, **changes: Any) -> Any:
    """Order lines from a new supplier; return the answer."""
    body = {
        "supplier_id": await chain.make_supplier(),
        "site_id": site_id,
        "warehouse_id": "floor",
        "currency": "USD",
        "due_date": str((now() + timedelta(days=28)).date()),
        "lines": list(lines),
        **changes,
    }
    return await chain.post("purchasing", "/orders", body)


async def audited(chain: Any, order_id: str, *lines: tuple[int, str]) -> str:
    """Draft and audit a receipt; return its path."""
    counted = [{"order_line_no": line_no, "quantity": quantity} for line_no, quantity in lines]
    body = {"order_id": order_id, "lines": counted}
    receipt = chain.must(await chain.post("purchasing", "/receipts", body))
    path = f"/receipts/{receipt['receipt_id']}"
    chain.must(await chain.post("purchasing", f"{path}/audit"))
    return path


async def booked(chain: Any, path: str) -> None:
    """Wait until inventory has a receipt in its ledger."""

    async def posted() -> bool:
        return bool((await chain.get("purchasing", path)).json()["status"] == "posted")

    await chain.eventually(posted, f"{path} to be booked")


async def test_what_is_ordered_by_the_case_is_received_by_the_piece(chain: Any) -> None:
    """B6, C1: by the versioned ratio of inventory; a unit without one is refused by name."""
    site_id, item_id = await chain.make_site(), await item(chain)
    line = {"item_id": item_id, "quantity": "2", "unit": "case", "unit_cost": "24"}
    refused = await order(chain, site_id, line)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_unit")
    chain.must(await chain.post("inventory", f"/items/{item_id}/units", CASE))

    async def ordered() -> Any:
        answer = await order(chain, site_id, line)
        return answer.json() if answer.is_success else None

    placed = await chain.eventually(ordered, "purchasing to know the case")
    kept = placed["lines"][0]
    assert (kept["base_quantity"], kept["unit_version"]) == ("24", 1)
    path = await audited(chain, placed["order_id"], (1, "2"))
    chain.must(await chain.post("purchasing", f"{path}/post"))
    await booked(chain, path)
    read = (await chain.get("purchasing", f"/orders/{placed['order_id']}")).json()
    assert (read["status"], read["lines"][0]["received"]) == ("received", "24")


async def test_free_goods_come_in_only_as_what_is_not_for_sale(chain: Any) -> None:
    """C3: refused with advice for goods that are sold, and received at no cost otherwise."""
    site_id = await chain.make_site()
    sold, given = await item(chain), await item(chain, for_sale=False)
    gift = {"quantity": "5", "unit": "EA", "unit_cost": "0", "kind": "gift"}
    for kind, why in (("gift", "free_goods_for_sale"), ("purchase", "paid_line_free")):
        refused = await order(chain, site_id, {**gift, "item_id": sold, "kind": kind})
        assert (refused.status_code, refused.json()["code"]) == (422, why)
    placed = chain.must(await order(chain, site_id, {**gift, "item_id": given}))
    path = await audited(chain, placed["order_id"], (1, "5"))
    chain.must(await chain.post("purchasing", f"{path}/post"))
    await booked(chain, path)


async def value(chain: Any, site_id: str, item_id: str) -> tuple[str, str, str]:
    """Return quantity, value and average cost of an item."""
    found = chain.must(await chain.get("costing", f"/costs/{site_id}/{item_id}"))
    return found["quantity"], found["value"], found["unit_cost"]


async def give_away(chain: Any, site_id: str, item_id: str, quantity: str) -> None:
    """Take goods off the books without selling them."""
    given = {
        "kind": "issue",
        "site_id": site_id,
        "warehouse_id": "floor",
        "reason": "given to a customer",
        "lines": [{"item_id": item_id, "quantity": quantity, "unit": "EA"}],
    }
    document = chain.must(await chain.insist("inventory", "/documents", given))
    for step in ("audit", "post"):
        chain.must(await chain.insist("inventory", f"/documents/{document['document_id']}/{step}"))


async def test_gifts_and_samples_change_neither_average_cost_nor_margin(chain: Any) -> None:
    """C3: on a paid order, before and after they are given away; nobody is owed for them."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    mug = await item(chain, for_sale=False)
    await chain.stock_up(site_id, {tea: ("10", "2.00")})
    paid = {"item_id": tea, "quantity": "10", "unit": "EA", "unit_cost": "3.00"}
    free = [
        {"item_id": mug, "quantity": quantity, "unit": "EA", "unit_cost": "0", "kind": kind}
        for quantity, kind in (("3", "gift"), ("2", "sample"))
    ]
    placed = chain.must(await order(chain, site_id, paid, *free))
    path = await audited(chain, placed["order_id"], (1, "10"), (2, "3"), (3, "2"))
    chain.must(await chain.post("purchasing", f"{path}/post"))
    await booked(chain, path)
    await chain.assert_books_agree(site_id)
    assert await value(chain, site_id, tea) == ("20", "50", "2.5")
    assert await value(chain, site_id, mug) == ("5", "0", "0")
    confirmed = {"receipt_id": path.rpartition("/")[2]}
    owed = chain.must(await chain.post("purchasing", "/accruals", confirmed))
    assert owed["open_net"] == "30"

    body = chain.order_body(await chain.make_customer(), site_id, {tea: ("4", "20.00")})
    assert await chain.sell(body, uuid4().hex) == "shipped"
    body["lines"] = [{"item_id": mug, "quantity": "1", "unit": "EA", "amount": "0"}]

    async def refused() -> bool:
        answer = await chain.post("sales", "/orders", body)
        return bool(answer.json().get("code") == "item_not_for_sale")

    await chain.eventually(refused, "sales to know that mugs are not for sale")
    await give_away(chain, site_id, mug, "5")
    await chain.assert_books_agree(site_id)
    assert await value(chain, site_id, mug) == ("0", "0", "0")
    assert await value(chain, site_id, tea) == ("16", "40", "2.5")
    sums = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert (sums["cogs"], sums["units"]) == ("10", "4")
    report = chain.must(await chain.get("sales", "/reports/sales", site_id=site_id))
    assert (report["revenue"], report["units_shipped"]) == ("20", "4")


async def test_an_item_is_put_up_for_sale_only_when_nothing_free_of_it_is_left(chain: Any) -> None:
    """C3: wherever it lies; what is not received yet stays away once it is for sale."""
    site_id, mug = await chain.make_site(), await item(chain, for_sale=False)
    gift = {"item_id": mug, "quantity": "5", "unit": "EA", "unit_cost": "0", "kind": "gift"}
    placed = chain.must(await order(chain, site_id, gift))
    path = await audited(chain, placed["order_id"], (1, "3"))
    chain.must(await chain.post("purchasing", f"{path}/post"))
    await booked(chain, path)
    later = await audited(chain, placed["order_id"], (1, "2"))
    sold = {"item_id": mug, "name": mug, "base_unit": "EA", "scale": 0, "for_sale": True}
    body = {"items": [sold]}
    (refused,) = chain.must(await chain.post("inventory", "/items/import", body))["refused"]
    assert refused["code"] == "goods_left_not_for_sale"
    assert refused["detail"].endswith(f"There are: {site_id}/floor 3.")
    await give_away(chain, site_id, mug, "3")
    report = chain.must(await chain.post("inventory", "/items/import", body))
    assert (report["accepted"], report["refused"]) == (1, [])

    async def known() -> bool:
        copy = chain.must(await chain.get("purchasing", f"/reference/items/{mug}"))
        return bool(copy["for_sale"])

    await chain.eventually(known, "purchasing to know that mugs are for sale")
    kept_out = await chain.post("purchasing", f"{later}/post")
    assert (kept_out.status_code, kept_out.json()["code"]) == (422, "free_goods_for_sale")
    assert await value(chain, site_id, mug) == ("0", "0", "0")


async def test_foreign_goods_wait_for_the_rate_of_the_period(chain: Any) -> None:
    """E6: no receipt is posted without the period's rate, which never changes once it was used."""
    site_id, (item_id,) = await chain.make_site(), await chain.make_items(1)
    line = {"item_id": item_id, "quantity": "10", "unit": "EA", "unit_cost": "100"}
    placed = chain.must(await order(chain, site_id, line, currency="NOK"))
    path = await audited(chain, placed["order_id"], (1, "10"))
    refused = await chain.post("purchasing", f"{path}/post")
    period = f"{now().astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m}"
    assert (refused.json()["code"], refused.json()["period"]) == ("rate_missing", period)
    rate = {"currency": "NOK", "period": period, "rate": "0.0987"}
    chain.must(await chain.post("purchasing", "/exchange-rates", rate))
    chain.must(await chain.post("purchasing", f"{path}/post"))
    await booked(chain, path)
    other = await chain.post("purchasing", "/exchange-rates", {**rate, "rate": "0.1"})
    assert (other.status_code, other.json()["code"]) == (409, "rate_used")


def invoice_for(supplier: str, item_id: str, quantity: str, *sums: str) -> Json:
    """Return an invoice of a line; its sums are net, tax and total."""
    net, tax, total = sums
    line = {"name": item_id, "quantity": quantity, "net": net, "tax": tax, "tax_percent": "13"}
    return {
        "supplier_id": supplier,
        "number": f"{uuid4().int % 10**20:020}",
        "issued_on": "2026-11-20",
        "seller_name": "Supplier",
        "seller_tax_id": "91310000MA1K3XXXX1",
        "buyer_name": "Chain",
        "buyer_tax_id": "91310000MA1K3XXXX2",
        "currency": "USD",
        "net": net,
        "tax": tax,
        "total": total,
        "lines": [line],
    }


async def test_what_was_agreed_with_a_supplier_counts_wherever_it_matters(chain: Any) -> None:
    """C1, C4: terms, lead time, tolerance, price and code, each where it is used."""
    site_id, tea = await chain.make_site(), await item(chain)
    supplier = await chain.make_supplier()
    path = f"/suppliers/{supplier}"
    terms = {"payment_days": 30, "lead_days": 5, "over_receipt_percent": "10"}
    chain.must(await chain.post("purchasing", f"{path}/change", terms))
    price = {"item_id": tea, "unit": "EA", "currency": "USD", "valid_from": "2026-01-01"}
    body = {**price, "breaks": [{"unit_cost": "2.50"}]}
    chain.must(await chain.post("purchasing", f"{path}/prices", body))
    today = now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    line = {"item_id": tea, "quantity": "10", "unit": "EA"}
    placed = chain.must(await order(chain, site_id, line, supplier_id=supplier, due_date=None))
    assert placed["due_date"] == str(today + timedelta(days=5))
    assert placed["lines"][0]["unit_cost"] == "2.5"
    code = f"urn:trueshelf:supplier:{supplier}"
    opened = chain.must(await chain.scan_in(code, await chain.scan_session(site_id)))
    assert [one["number"] for one in opened["orders"]] == [placed["number"]]
    counted = {"order_id": placed["order_id"], "lines": [{"order_line_no": 1, "quantity": "12"}]}
    refused = await chain.post("purchasing", "/receipts", counted)
    assert (refused.status_code, refused.json()["code"]) == (422, "over_receipt")
    receipt = await audited(chain, placed["order_id"], (1, "11"))
    chain.must(await chain.post("purchasing", f"{receipt}/post"))
    await booked(chain, receipt)
    invoice = invoice_for(supplier, tea, "11", "27.50", "3.58", "31.08")
    made = chain.must(await chain.post("purchasing", "/invoices", invoice))
    assert made["due_on"] == "2026-12-20"
    due = {"supplier_id": supplier, "due_until": "2026-12-20"}
    listed = chain.must(await chain.get("purchasing", "/invoices", **due))["items"]
    assert [one["invoice_id"] for one in listed] == [made["invoice_id"]]
