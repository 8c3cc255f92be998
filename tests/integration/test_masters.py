"""Masters on the running platform: units, kits, batches, serial numbers, sheets and ghost items."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from servicekit.clock import now

Json = dict[str, Any]
WEEKS = timedelta(days=28)


async def define(chain: Any, **description: Any) -> str:
    """Import an item and wait until purchasing and sales know it as described."""
    item_id = f"m-{uuid4().hex[:8]}"
    item = {"item_id": item_id, "name": item_id, "base_unit": "EA", "scale": 0, **description}
    report = chain.must(await chain.post("inventory", "/items/import", {"items": [item]}))
    assert report["refused"] == []
    for service in ("purchasing", "sales"):
        await known(chain, service, item_id)
    return item_id


async def known(chain: Any, service: str, item_id: str, **expected: Any) -> None:
    """Wait until a service's copy of an item says what is expected."""

    async def copied() -> bool:
        answer = await chain.get(service, f"/reference/items/{item_id}")
        return answer.status_code == 200 and answer.json().items() >= expected.items()

    await chain.eventually(copied, f"{service} to know {item_id} as {expected}")


async def order(chain: Any, site_id: str, item_id: str, quantity: str) -> Any:
    """Order an item from a new supplier; return the answer."""
    body = {
        "supplier_id": await chain.make_supplier(),
        "site_id": site_id,
        "warehouse_id": "floor",
        "currency": "USD",
        "due_date": str((now() + WEEKS).date()),
        "lines": [{"item_id": item_id, "quantity": quantity, "unit": "EA", "unit_cost": "2"}],
    }
    return await chain.post("purchasing", "/orders", body)


async def draft(chain: Any, site_id: str, item_id: str, quantity: str, **naming: Any) -> Any:
    """Order an item and draft the receipt that names its goods; return the answer."""
    ordered = chain.must(await order(chain, site_id, item_id, quantity))
    line = {"order_line_no": 1, "quantity": quantity, **naming}
    body = {"order_id": ordered["order_id"], "lines": [line]}
    return await chain.post("purchasing", "/receipts", body)


async def stock_up(chain: Any, site_id: str, item_id: str, quantity: str, **naming: Any) -> None:
    """Receive named goods and wait until they are on the books."""
    receipt = chain.must(await draft(chain, site_id, item_id, quantity, **naming))
    path = f"/receipts/{receipt['receipt_id']}"
    for step in ("audit", "post"):
        chain.must(await chain.post("purchasing", f"{path}/{step}"))

    async def posted() -> bool:
        return bool((await chain.get("purchasing", path)).json()["status"] == "posted")

    await chain.eventually(posted, "the receipt to be booked")


async def reserve(chain: Any, site_id: str, **line: Any) -> Any:
    """Ask inventory to hold a line's goods; return the answer."""
    body = {
        "site_id": site_id,
        "warehouse_id": "floor",
        "order_id": str(uuid4()),
        "lines": [{"unit": "EA", **line}],
    }
    return await chain.post("inventory", "/reservations", body)


def new_gtin() -> str:
    """Return a GTIN of 14 digits that no other item has."""
    digits = f"{uuid4().int % 10**13:013}"
    weighted = sum(int(one) * (3 if place % 2 == 0 else 1) for place, one in enumerate(digits))
    return f"{digits}{-weighted % 10}"


def refused(answer: Any, status: int, code: str) -> Json:
    """Return a refusal, which must be this one."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return dict(answer.json())


async def test_quantities_are_converted_exactly_by_the_version_in_force_or_refused(
    chain: Any,
) -> None:
    """B6: exact ratios with versions, and no unit is taken for another."""
    site_id, tea = await chain.make_site(), await define(chain)
    await chain.stock_up(site_id, {tea: ("100", "2")})
    path = f"/items/{tea}/units"
    chain.must(await chain.post("inventory", path, {"unit": "case", "numerator": 12}))
    dozen = chain.must(await reserve(chain, site_id, item_id=tea, quantity="2", unit="case"))
    assert dozen["lines"][0]["quantity"] == "24"
    chain.must(await chain.post("inventory", path, {"unit": "case", "numerator": 10}))
    ten = chain.must(await reserve(chain, site_id, item_id=tea, quantity="2", unit="case"))
    assert ten["lines"][0]["quantity"] == "20"
    crate = await reserve(chain, site_id, item_id=tea, quantity="1", unit="crate")
    assert "case" in refused(crate, 422, "unknown_unit")["units"]
    part = await reserve(chain, site_id, item_id=tea, quantity="0.25", unit="case")
    refused(part, 422, "quantity_too_precise")
    assert (await chain.stock(site_id, tea))["allocated"] == "44"
    await chain.assert_books_agree(site_id)


async def test_the_stock_of_a_kit_is_what_can_be_made_and_nobody_receives_one(chain: Any) -> None:
    """B4: computed from the components, exploded in the reservation, never stocked itself."""
    site_id, cup, tea, kit = await chain.make_site(), *[await define(chain) for _ in range(3)]
    parts = [{"item_id": cup, "quantity": "1"}, {"item_id": tea, "quantity": "3"}]
    chain.must(await chain.post("inventory", f"/items/{kit}/kit", {"components": parts}))
    await chain.stock_up(site_id, {cup: ("5", "1"), tea: ("7", "1")})

    async def makeable() -> Json:
        answer = await chain.get("inventory", f"/kits/{kit}/stock", site_id=site_id)
        return dict(chain.must(answer)["items"][0])

    expected = {"warehouse_id": "floor", "quantity": "2", "limited_by": [tea]}
    assert await makeable() == expected
    refused(await reserve(chain, site_id, item_id=kit, quantity="3"), 409, "insufficient_stock")
    assert await makeable() == expected
    chain.must(await reserve(chain, site_id, item_id=kit, quantity="2"))
    assert (await makeable())["quantity"] == "0"
    assert (await chain.stock(site_id, tea))["allocated"] == "6"
    assert await chain.stock(site_id, kit) == {}
    await known(chain, "purchasing", kit, kit=True)
    refused(await order(chain, site_id, kit, "1"), 422, "kit_not_received")


async def test_batches_are_named_on_the_way_in_and_proposed_on_the_way_out(chain: Any) -> None:
    """B5: nothing unnamed comes in or is held; first expiry first, and nothing too near it."""
    site_id = await chain.make_site()
    milk = await define(chain, tracking="batch", shelf_life_days=30, no_sale_days=5)
    refused(await draft(chain, site_id, milk, "4"), 422, "batch_missing")
    refused(await draft(chain, site_id, milk, "4", batch_id="L1"), 422, "batch_undated")
    today = now().date()
    for batch_id, days_ago in (("young", 2), ("older", 10), ("near", 27), ("gone", 40)):
        made = str(today - timedelta(days=days_ago))
        await stock_up(chain, site_id, milk, "4", batch_id=batch_id, manufactured_on=made)
    label = {"batch_id": "older", "process_version": "P2", "attributes": {"field": "north"}}
    told = chain.must(await chain.post("inventory", f"/items/{milk}/batches", label))
    made_on, expires_on = (str(today + timedelta(days=days)) for days in (-10, 20))
    assert told == {"item_id": milk, "manufactured_on": made_on, "expires_on": expires_on, **label}
    listed = chain.must(await chain.get("inventory", f"/items/{milk}/batches"))["items"]
    assert [one for one in listed if one["batch_id"] == "older"] == [told]
    asked = {"site_id": site_id, "warehouse_id": "floor", "item_id": milk, "quantity": "6"}
    proposal = chain.must(await chain.get("inventory", "/stock/proposals", **asked))
    picked = [(one["batch_id"], one["quantity"]) for one in proposal["picks"]]
    assert picked == [("older", "4"), ("young", "2")]
    left_out = {one["batch_id"]: one["code"] for one in proposal["left_out"]}
    assert left_out == {"near": "batch_in_no_sale_window", "gone": "batch_expired"}
    refused(await reserve(chain, site_id, item_id=milk, quantity="2"), 422, "batch_missing")
    gone = await reserve(chain, site_id, item_id=milk, quantity="2", batch_id="gone")
    assert refused(gone, 422, "batch_expired")["expires_on"] == str(today - timedelta(days=10))
    chain.must(await reserve(chain, site_id, item_id=milk, quantity="2", batch_id="older"))
    await chain.assert_books_agree(site_id)


async def test_each_unit_keeps_its_trace_code_and_they_are_exported(chain: Any) -> None:
    """H4, B5: units are named when they come in; each has a code and a place."""
    site_id = await chain.make_site()
    gtin = new_gtin()
    phone = await define(chain, tracking="serial", gtin=gtin)
    refused(await draft(chain, site_id, phone, "2", serials=["S1"]), 422, "serials_missing")
    await stock_up(chain, site_id, phone, "2", serials=["S1", "S2"])
    path = f"/items/{phone}/trace-codes"
    answer = await chain.post("inventory", path, {"codes": {"S2": f"8{uuid4().int % 10**19:019}"}})
    assert answer.status_code == 204
    sheet = (await chain.get("inventory", f"{path}.csv")).text.splitlines()
    assert sheet[1] == f"{phone},S1,(01){gtin}(21)S1,,in_stock,{site_id},floor"
    assert sheet[2].startswith(f"{phone},S2,8")


async def test_items_come_in_a_sheet_and_each_line_left_out_says_why(chain: Any) -> None:
    """H6: a line-by-line report; what is exported can be imported again."""
    good, bad = f"h-{uuid4().hex[:8]}", f"h-{uuid4().hex[:8]}"
    sheet = f"item_id,name,base_unit,scale\n{good},Salt 盐,kg,2\n{bad},Bad,kg,seven\n,None,kg,1\n"
    url = chain.stack.info.service_urls["inventory"]
    headers = {
        "Authorization": f"Bearer {chain.stack.token('keeper', ['master_data'], ['*'], 1)}",
        "Content-Type": "text/csv",
    }

    async def upload(content: bytes) -> Any:
        key = {"Idempotency-Key": str(uuid4())}
        path = f"{url}/items/import-file"
        return await chain.http.post(path, content=content, headers={**headers, **key})

    report = chain.must(await upload(sheet.encode("gb18030")))
    assert report["accepted"] == 1
    assert [(one["line"], one["id"], one["code"]) for one in report["refused"]] == [
        (3, bad, "invalid_line"),
        (4, None, "invalid_line"),
    ]
    await known(chain, "purchasing", good, name="Salt 盐")
    refused(await upload(b"PK\x03\x04"), 422, "sheet_unreadable")
    exported = await chain.http.get(f"{url}/items.csv", headers=headers)
    report = chain.must(await upload(exported.content))
    assert (report["accepted"], report["refused"]) == (0, [])


async def test_an_item_nobody_needs_is_disabled_and_comes_back_by_one_action(chain: Any) -> None:
    """I1: never deleted, not ordered while disabled; what is in stock stays."""
    site_id, ghost, kept = await chain.make_site(), await define(chain), await define(chain)
    await chain.stock_up(site_id, {kept: ("1", "1")})
    listed = chain.must(await chain.get("inventory", "/items/ghosts", days=0, limit=1000))
    found = {one["item_id"] for one in listed["items"]}
    assert (ghost in found, kept in found) == (True, False)
    body = {"item_ids": [ghost, kept]}
    report = chain.must(await chain.post("inventory", "/items/disable", body))
    assert report["accepted"] == 1
    assert [one["code"] for one in report["refused"]] == ["item_has_stock"]
    for service in ("purchasing", "sales"):
        await known(chain, service, ghost, disabled=True)
    refused(await order(chain, site_id, ghost, "1"), 422, "item_disabled")
    sale = chain.order_body(await chain.make_customer(), site_id, {ghost: ("1", "3.00")})
    refused(await chain.post("sales", "/orders", sale), 422, "item_disabled")
    refused(await reserve(chain, site_id, item_id=ghost, quantity="1"), 422, "item_disabled")
    chain.must(await chain.post("inventory", f"/items/{ghost}/enable"))
    await known(chain, "purchasing", ghost, disabled=False)
    chain.must(await order(chain, site_id, ghost, "1"))
