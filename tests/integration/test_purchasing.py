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
    refused = await order(chain, site_id, {**gift, "item_id": sold})
    assert (refused.status_code, refused.json()["code"]) == (422, "free_goods_for_sale")
    placed = chain.must(await order(chain, site_id, {**gift, "item_id": given}))
    path = await audited(chain, placed["order_id"], (1, "5"))
    chain.must(await chain.post("purchasing", f"{path}/post"))
    await booked(chain, path)


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
