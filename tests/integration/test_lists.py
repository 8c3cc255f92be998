"""Every list of every service comes in pages, by a cursor: found from the OpenAPI documents."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from servicekit.clock import now

Json = dict[str, Any]
ROWS = 3
SERVICES = ("inventory", "purchasing", "sales", "costing")
AGES = ("age_seconds", "age_hours", "oldest_age_hours", "waits_seconds", "as_of")
"""What grows from one look to the next."""
SITES = {"site_id", "to_site_id"}
"""What lists are narrowed by, where they can be."""
FILLED = {
    "inventory": [
        "/barcodes",
        "/batches/expiring",
        "/count-sheets",
        "/count-sheets/{sheet_id}/counts",
        "/count-sheets/{sheet_id}/lines",
        "/documents",
        "/events",
        "/inspections",
        "/inspections/open",
        "/items",
        "/items/{item_id}/batches",
        "/items/{item_id}/kit/versions",
        "/items/{item_id}/units",
        "/kits/{item_id}/stock",
        "/ledger",
        "/reports/ageing",
        "/reports/differences",
        "/reports/open-documents",
        "/reports/totals",
        "/sites",
        "/sites/{site_id}/arrival-rules",
        "/sites/{site_id}/arrival-rules/{rule_id}/versions",
        "/sites/{site_id}/devices",
        "/sites/{site_id}/warehouses",
        "/sites/{site_id}/workers",
        "/stock",
        "/trace",
        "/transfers/open",
    ],
    "purchasing": [
        "/clocks",
        "/events",
        "/orders",
        "/receipts",
        "/reports/open-documents",
        "/suppliers",
    ],
    "sales": [
        "/customers",
        "/events",
        "/in-transit",
        "/orders",
        "/reports/open-documents",
        "/shipments",
    ],
    "costing": ["/costs", "/costs/{site_id}/{item_id}/entries", "/events", "/transit"],
}
"""Lists of which the day below leaves at least so many rows."""


async def lists(chain: Any, service: str) -> AsyncIterator[tuple[str, dict[str, Json]]]:
    """Give the path and the parameters of each list but those that only suppliers may see."""
    base = chain.stack.info.service_urls[service]
    document = chain.must(await chain.http.get(f"{base}/openapi.json"))
    for path, methods in document["paths"].items():
        given = methods.get("get", {}).get("parameters", [])
        parameters = {one["name"]: one for one in given}
        if "cursor" in parameters and not path.startswith("/portal"):
            yield path, parameters


@pytest.mark.parametrize("service", SERVICES)
async def test_a_cursor_that_no_list_gave_is_refused_by_every_list(
    chain: Any, service: str
) -> None:
    """B8's edge, H6: files included."""
    seen = 0
    async for path, parameters in lists(chain, service):
        asked = {name: str(uuid4()) for name, one in parameters.items() if one.get("required")}
        asked |= {"kind": "posting"} if "kind" in asked else {}
        asked |= {"period": "2026-01"} if "period" in asked else {}
        answer = await chain.get(service, path.format_map(asked), **asked, cursor="nonsense")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor"), path
        seen += 1
    assert seen > len(FILLED[service])


async def test_lists_give_the_same_rows_page_by_page_as_at_once(chain: Any) -> None:
    """A8, A9, B1: wherever a page ends, nothing is left out and nothing comes twice."""
    asked = await a_day(chain)
    await chain.drain()
    full = dict[str, list[str]]()
    for service in SERVICES:
        full[service] = []
        async for path, parameters in lists(chain, service):
            needed = {name for name, one in parameters.items() if one.get("required")}
            named = needed | SITES | ({"item_id"} if path == "/trace" else set())
            known = {**asked, "topic": TOPICS[service]}
            known |= {"item_id": asked["kit_id"]} if "/kit" in path else {}
            wanted = {name: known[name] for name in parameters if name in named & known.keys()}
            if "export" in path or not needed <= wanted.keys():
                continue
            place = path.format_map(wanted)
            whole = await page_of(chain, service, place, wanted, limit=ROWS)
            rows = await walked(chain, service, place, wanted)
            assert rows == whole["items"], (service, path)
            full[service] += [path] if len(rows) == ROWS else []
    lacking = {name: sorted(set(paths) - set(full[name])) for name, paths in FILLED.items()}
    assert not any(lacking.values()), lacking


async def page_of(chain: Any, service: str, path: str, asked: Json, **more: Any) -> Any:
    """Return a page of a list without what grows."""
    page = chain.must(await chain.get(service, path, **asked, **more))
    rows = [{name: one[name] for name in one if name not in AGES} for one in page["items"]]
    return {**page, "items": rows}


async def walked(chain: Any, service: str, path: str, asked: Json) -> list[Json]:
    """Return the first rows of a list, read one by one."""
    rows, cursor = [], dict[str, str]()
    for _ in range(ROWS):
        page = await page_of(chain, service, path, asked, limit=1, **cursor)
        rows += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    return rows


TOPICS = {
    "inventory": "inventory.stock.v1",
    "purchasing": "purchasing.receipt.v1",
    "sales": "sales.shipment.v1",
    "costing": "costing.cost.v1",
}


async def a_day(chain: Any) -> Json:
    """Do three of everything at a site; return by which parameters it is found again."""
    site_id, other, _ = [await chain.make_site() for _ in range(ROWS)]
    bought = await chain.make_items(2)
    (milk,) = await chain.make_items(1, tracking="batch")
    (kit,) = await chain.make_items(1)
    traded = [trade(chain, site_id, bought, number) for number in range(ROWS)]
    supplier_id, customer_id = (await asyncio.gather(*traded))[0]
    await describe(chain, site_id, milk)
    await define(chain, kit, bought[0])
    await handle(chain, site_id, other, milk)
    return {
        "site_id": site_id,
        "to_site_id": other,
        "item_id": milk,
        "kit_id": kit,
        "rule_id": "rule",
        "sheet_id": await counted(chain, site_id, milk),
        "kind": "posting",
        "supplier_id": supplier_id,
        "customer_id": customer_id,
    }


async def trade(chain: Any, site_id: str, bought: list[str], number: int) -> tuple[str, str]:
    """Buy goods, ship some, promise some and count others; return from and to whom."""
    receipt = await chain.stock_up(site_id, dict.fromkeys(bought, ("10", "2")))
    coming = await chain.order(site_id, {bought[0]: ("5", "2")}, receipt["supplier_id"])
    came = {"order_id": coming["order_id"], "lines": [{"order_line_no": 1, "quantity": "5"}]}
    chain.must(await chain.post("purchasing", "/receipts", came))
    order = chain.order_body(await chain.make_customer(), site_id, {bought[0]: ("1", "3.00")})
    assert await chain.sell(order, f"{chain.tag}-{number}") == "shipped"
    placed = chain.must(await chain.insist("sales", "/orders", order))
    assert (await chain.settled(placed["order_id"]))["status"] == "reserved"
    return receipt["supplier_id"], order["customer_id"]


async def define(chain: Any, kit: str, part: str) -> None:
    """Make a kit of more and more of a part."""
    for number in range(ROWS):
        parts = {"components": [{"item_id": part, "quantity": str(number + 1)}]}
        chain.must(await chain.post("inventory", f"/items/{kit}/kit", parts))


async def describe(chain: Any, site_id: str, milk: str) -> None:
    """Set up the site and describe the milk."""
    soon = str((now() + timedelta(days=9)).date())
    for number in range(ROWS):
        name = f"{chain.tag}-{number}"
        rule = {"warehouse_id": "floor", "terms": {"item_id": milk}, "priority": number}
        barcode = {"code": f"c-{name}", "item_id": milk, "unit": "EA"}
        for path, body in (
            (f"/sites/{site_id}/warehouses", {"warehouse_id": f"w{number}", "name": "W"}),
            (f"/sites/{site_id}/devices", {"device_id": name, "name": "Gun", "kind": "scanner"}),
            (f"/sites/{site_id}/warehouses/floor/workers", {"user_id": f"user-{name}"}),
            (f"/sites/{site_id}/arrival-rules", {"rule_id": "rule", **rule}),
            (f"/sites/{site_id}/arrival-rules", {"rule_id": f"rule-{number}", **rule}),
            ("/barcodes", {"barcodes": [barcode]}),
            (f"/items/{milk}/units", {"unit": f"case-{number}", "numerator": 2 + number}),
            (f"/items/{milk}/batches", {"batch_id": f"L{number}", "expires_on": soon}),
        ):
            chain.must(await chain.post("inventory", path, body))


async def handle(chain: Any, site_id: str, other: str, milk: str) -> None:
    """Receive, inspect in part and send on three batches of milk."""
    place = {"site_id": site_id, "warehouse_id": "floor"}
    target = {"to_site_id": other, "to_warehouse_id": "floor"}
    for number in range(ROWS):
        goods = {"item_id": milk, "batch_id": f"L{number}", "unit": "EA"}
        held = {**goods, "quantity": "4", "unit_cost": "1", "target_status": "in_inspection"}
        await posted(chain, {"kind": "receipt", **place, "currency": "USD", "lines": [held]})
        found = {"item_id": milk, "batch_id": f"L{number}"}
        parts = [{"decision": "release", "quantity": "2"}]
        body = {**place, **found, "parts": parts}
        chain.must(await chain.post("inventory", "/inspections", body))
        sent = {**goods, "quantity": "1"}
        await posted(chain, {"kind": "transfer_dispatch", **place, **target, "lines": [sent]})


async def posted(chain: Any, body: Json) -> None:
    """Take a document all the way into the books."""
    draft = chain.must(await chain.post("inventory", "/documents", body))
    for step in ("audit", "post"):
        path = f"/documents/{draft['document_id']}/{step}"
        chain.must(await chain.post("inventory", path))


async def counted(chain: Any, site_id: str, milk: str) -> str:
    """Open three sheets and count three spots on the first, which is returned."""
    place = {"site_id": site_id}
    sheets = [
        chain.must(await chain.post("inventory", "/count-sheets", {**place, **scope}))
        for scope in (
            {"warehouse_id": "floor"},
            {"warehouse_id": "w0", "goods": [{"item_id": milk, "batch_id": "L0"}]},
            {"warehouse_id": "w1", "goods": [{"item_id": milk, "batch_id": "L1"}]},
        )
    ]
    said = {"item_id": milk, "batch_id": "L0", "quantity": "1", "unit": "EA"}
    counts = [
        {**said, "count_id": str(uuid4()), "spot": spot, "counted_at": now().isoformat()}
        for spot in ("A", "B", "C")
    ]
    sheet_id = str(sheets[0]["sheet_id"])
    path = f"/count-sheets/{sheet_id}/counts"
    chain.must(await chain.post("inventory", path, {"counts": counts}))
    return sheet_id
