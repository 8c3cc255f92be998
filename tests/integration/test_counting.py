"""Stocktakes over HTTP on the running platform: counted, audited, approved, by three people."""

from typing import Any
from uuid import uuid4

import httpx2

from servicekit.clock import now

PEOPLE = {
    "counter": ["clerk"],
    "second": ["clerk"],
    "auditor": ["shop_manager"],
    "manager": ["shop_manager"],
}


async def send(chain: Any, who: str, path: str, body: object = None) -> httpx2.Response:
    """Send a command as one of several people, or as the tester who has all roles."""
    token = chain.stack.token(who, PEOPLE[who], ["*"], 1)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    base = chain.stack.info.service_urls["inventory"]
    answer: httpx2.Response = await chain.http.post(base + path, json=body, headers=headers)
    return answer


async def opened(chain: Any, site_id: str, **more: Any) -> str:
    """Open a sheet of the site's only warehouse and return where it is."""
    body = {"site_id": site_id, "warehouse_id": "floor", **more}
    sheet = chain.must(await send(chain, "auditor", "/count-sheets", body))
    return f"/count-sheets/{sheet['sheet_id']}"


async def count(
    chain: Any, place: str, found: dict[str, str], who: str = "counter", at: str | None = None
) -> Any:
    """Tell what was found, now or at another time."""
    counts = [
        {
            "count_id": str(uuid4()),
            "item_id": item,
            "quantity": quantity,
            "unit": "EA",
            "counted_at": at or now().isoformat(),
        }
        for item, quantity in found.items()
    ]
    return chain.must(await send(chain, who, f"{place}/counts", {"counts": counts}))


async def test_a_stocktake_closes_the_loop_from_the_sheet_to_the_books_and_their_value(
    chain: Any,
) -> None:
    """A3, A4: sheet, blind count, recount, audit, gain and loss documents, posted once."""
    site_id, items = await chain.make_site(), sorted(await chain.make_items(3))
    await chain.stock_up(site_id, dict.fromkeys(items, ("10", "2")))
    place = await opened(chain, site_id)
    await count(chain, place, dict(zip(items, ("10", "12", "7"), strict=True)))
    refused = (await send(chain, "auditor", f"{place}/audit", {})).json()
    assert (refused["code"], refused["lines"]) == ("count_lines_to_recount", [2, 3])
    again = chain.must(await send(chain, "auditor", f"{place}/recount", {}))
    assert again["recounted"] == [2, 3]
    await count(chain, place, {items[1]: "12", items[2]: "8"}, "second")
    chain.must(await send(chain, "auditor", f"{place}/audit", {}))
    both = (await send(chain, "auditor", f"{place}/approve")).json()
    assert both["code"] == "auditor_cannot_approve"
    closed = chain.must(await chain.post("inventory", f"{place}/approve"))
    assert (closed["status"], closed["closed_by"]) == ("closed", "tester")
    stock = [(await chain.stock(site_id, item))["on_hand"] for item in items]
    assert stock == ["10", "12", "8"]
    lines = chain.must(await chain.get("inventory", f"{place}/lines"))["items"]
    assert [line["difference"] for line in lines] == ["0", "2", "-2"]
    for line, kind in ((lines[1], "gain"), (lines[2], "loss")):
        number = line[f"{kind}_document"]
        found = chain.must(await chain.get("inventory", "/documents", number=number))["items"]
        assert [(one["kind"], one["status"]) for one in found] == [(f"stocktake_{kind}", "posted")]
    await chain.assert_books_agree(site_id)


async def test_what_is_sold_and_received_while_the_count_runs_is_no_difference(chain: Any) -> None:
    """A3: movements are taken into account by the count line's own time, counts come late."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("10", "2")})
    place = await opened(chain, site_id)
    customer = await chain.make_customer()
    sold = chain.order_body(customer, site_id, {item: ("3", "9.00")})
    assert await chain.sell(sold, str(uuid4())) == "shipped"

    async def shipped(on_hand: str) -> None:
        async def gone() -> bool:
            return bool((await chain.stock(site_id, item))["on_hand"] == on_hand)

        await chain.eventually(gone, f"{on_hand} on hand")

    await shipped("7")
    counted_at = now().isoformat()
    assert await chain.sell(sold, str(uuid4())) == "shipped"
    await shipped("4")
    await chain.stock_up(site_id, {item: ("5", "2")})
    await count(chain, place, {item: "7"}, at=counted_at)
    (line,) = chain.must(await chain.get("inventory", f"{place}/lines"))["items"]
    assert (line["book_quantity"], line["expected"], line["difference"]) == ("10", "7", "0")
    chain.must(await send(chain, "auditor", f"{place}/audit", {}))
    chain.must(await chain.post("inventory", f"{place}/approve"))
    assert (await chain.stock(site_id, item))["on_hand"] == "9"
    await chain.assert_books_agree(site_id)


async def test_missing_goods_that_an_order_holds_are_not_written_off(chain: Any) -> None:
    """A3: the refusal names the line and who holds the goods, and nothing is posted."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("10", "2")})
    order = chain.order_body(await chain.make_customer(), site_id, {item: ("8", "9.00")})
    placed = chain.must(await chain.insist("sales", "/orders", order))
    assert (await chain.settled(placed["order_id"]))["status"] == "reserved"
    place = await opened(chain, site_id, tolerance={"quantity": "9"})
    await count(chain, place, {item: "5"})
    chain.must(await send(chain, "auditor", f"{place}/audit", {}))
    refused = (await chain.post("inventory", f"{place}/approve")).json()
    assert refused["code"] == "count_loss_not_available"
    (short,) = refused["shortages"]
    assert (short["line_no"], short["missing"], short["available"]) == (1, "5", "2")
    assert short["allocated_by"] == [{"order_id": placed["order_id"], "quantity": "8"}]
    assert (await chain.stock(site_id, item))["on_hand"] == "10"
    assert chain.must(await send(chain, "auditor", f"{place}/cancel"))["status"] == "cancelled"


async def issue(chain: Any, site_id: str, goods: dict[str, str]) -> None:
    """Take goods off the shelf and out of the books."""
    lines = [{"item_id": item, "quantity": some, "unit": "EA"} for item, some in goods.items()]
    body = {"kind": "issue", "site_id": site_id, "warehouse_id": "floor", "lines": lines}
    draft = chain.must(await chain.post("inventory", "/documents", body))
    for step in ("audit", "post"):
        path = f"/documents/{draft['document_id']}/{step}"
        chain.must(await chain.post("inventory", path))


async def settle(chain: Any, place: str) -> list[Any]:
    """Audit and approve a sheet; return its lines."""
    chain.must(await send(chain, "auditor", f"{place}/audit", {}))
    chain.must(await chain.post("inventory", f"{place}/approve"))
    return list(chain.must(await chain.get("inventory", f"{place}/lines"))["items"])


async def document_of(chain: Any, number: str) -> Any:
    """Return the document that a line names by its number, with its lines."""
    (head,) = chain.must(await chain.get("inventory", "/documents", number=number))["items"]
    return chain.must(await chain.get("inventory", f"/documents/{head['document_id']}"))


async def test_gains_and_losses_hold_only_what_no_movement_explains(chain: Any) -> None:
    """A3: goods come and go before and after they are counted, and after the audit still."""
    site_id, items = await chain.make_site(), sorted(await chain.make_items(2))
    await chain.stock_up(site_id, dict.fromkeys(items, ("10", "2")))
    place = await opened(chain, site_id, tolerance={"quantity": "5"})
    await issue(chain, site_id, dict.fromkeys(items, "3"))
    counted_at = now().isoformat()
    await chain.stock_up(site_id, dict.fromkeys(items, ("5", "2")))
    await count(chain, place, dict(zip(items, ("8", "5"), strict=True)), at=counted_at)
    chain.must(await send(chain, "auditor", f"{place}/audit", {}))
    await issue(chain, site_id, dict.fromkeys(items, "1"))
    chain.must(await chain.post("inventory", f"{place}/approve"))
    lines = chain.must(await chain.get("inventory", f"{place}/lines"))["items"]
    figures = [(one["book_quantity"], one["expected"], one["difference"]) for one in lines]
    assert figures == [("10", "7", "1"), ("10", "7", "-2")]
    gain = await document_of(chain, lines[0]["gain_document"])
    loss = await document_of(chain, lines[1]["loss_document"])
    moved = [(one["item_id"], one["quantity"]) for one in (*gain["lines"], *loss["lines"])]
    assert moved == [(items[0], "1"), (items[1], "2")]
    assert [(await chain.stock(site_id, item))["on_hand"] for item in items] == ["12", "9"]
    await chain.assert_books_agree(site_id)


async def test_a_category_or_an_abc_class_is_counted_without_the_rest(chain: Any) -> None:
    """A3: two sheets of one warehouse at once, each closed by itself."""
    site_id = await chain.make_site()
    (milk,) = await chain.make_items(1, category="dairy", abc_class="C")
    (saffron,) = await chain.make_items(1, category="spices", abc_class="A")
    (tea,) = await chain.make_items(1)
    await chain.stock_up(site_id, dict.fromkeys((milk, saffron, tea), ("10", "2")))
    found = {milk: "12", saffron: "9"}
    for scope, item in (({"category": "dairy"}, milk), ({"abc_class": "A"}, saffron)):
        place = await opened(chain, site_id, tolerance={"quantity": "5"}, **scope)
        await count(chain, place, {item: found[item]})
    again = {"site_id": site_id, "warehouse_id": "floor", "category": "spices"}
    refused = (await send(chain, "auditor", "/count-sheets", again)).json()
    assert (refused["code"], refused["item_id"]) == ("place_being_counted", saffron)
    sheets = chain.must(await chain.get("inventory", "/count-sheets", site_id=site_id))["items"]
    lines = [await settle(chain, f"/count-sheets/{one['sheet_id']}") for one in sheets]
    counted = [(one["item_id"], one["difference"]) for sheet in lines for one in sheet]
    assert counted == [(saffron, "-1"), (milk, "2")]
    stock = [(await chain.stock(site_id, item))["on_hand"] for item in (milk, saffron, tea)]
    assert stock == ["12", "9", "10"]
    await chain.assert_books_agree(site_id)


async def test_a_stocktake_is_taken_back_by_reversals_of_what_it_posted(chain: Any) -> None:
    """A4: by somebody else than the auditor, once, and only while the goods are there."""
    site_id, items = await chain.make_site(), sorted(await chain.make_items(2))
    await chain.stock_up(site_id, dict.fromkeys(items, ("10", "2")))
    place = await opened(chain, site_id, tolerance={"quantity": "5"})
    await count(chain, place, dict(zip(items, ("12", "7"), strict=True)))
    lines = await settle(chain, place)
    gain = await document_of(chain, lines[0]["gain_document"])
    loss = await document_of(chain, lines[1]["loss_document"])

    async def reverse(document: Any, who: str = "manager") -> Any:
        path = f"/documents/{document['document_id']}/reverse"
        return (await send(chain, who, path, {"reason": "counted the wrong shelf"})).json()

    assert (await reverse(loss, "auditor"))["code"] == "second_person_needed"
    back = await reverse(loss)
    assert (back["kind"], back["reverses"]) == ("reversal", loss["document_id"])
    assert (await reverse(loss))["code"] == "document_already_reversed"
    assert (await reverse(back))["code"] == "document_not_reversible"
    await issue(chain, site_id, {items[0]: "11"})
    gone = await reverse(gain)
    assert (gone["code"], gone["present"]) == ("balance_exceeded", "1")
    await chain.stock_up(site_id, {items[0]: ("4", "2")})
    assert (await reverse(gain))["reverses"] == gain["document_id"]
    assert [(await chain.stock(site_id, item))["on_hand"] for item in items] == ["3", "10"]
    await chain.assert_books_agree(site_id)


async def test_a_scales_weight_counts_and_is_kept_with_device_and_time(chain: Any) -> None:
    """H4: on count lines, from scales that are registered."""
    site_id, item = await chain.make_site(), f"i-{uuid4().hex[:8]}"
    body = {"items": [{"item_id": item, "name": item, "base_unit": "kg", "scale": 3}]}
    chain.must(await chain.post("inventory", "/items/import", body))
    place = await opened(chain, site_id, goods=[{"item_id": item}], tolerance={"quantity": "5"})
    weight = {
        "scale_id": "scale-1",
        "gross": "1850",
        "tare": "350",
        "net": "1500",
        "unit": "g",
        "weighed_at": "2026-01-01T00:00:00Z",
    }
    told = {
        "count_id": str(uuid4()),
        "item_id": item,
        "counted_at": now().isoformat(),
        "weight": weight,
    }
    answer = await send(chain, "counter", f"{place}/counts", {"counts": [told]})
    assert [one["code"] for one in chain.must(answer)] == ["unknown_device"]
    scale = {"device_id": "scale-1", "name": "Scale", "kind": "scale"}
    chain.must(await chain.post("inventory", f"/sites/{site_id}/devices", scale))
    for outcome in ("counted", "repeated"):
        answer = await send(chain, "counter", f"{place}/counts", {"counts": [told]})
        assert [one["outcome"] for one in chain.must(answer)] == [outcome]
    (kept,) = chain.must(await chain.get("inventory", f"{place}/counts"))["items"]
    assert (kept["quantity"], kept["unit"], kept["scale_id"]) == ("1.5", "kg", "scale-1")
    assert (kept["gross"], kept["tare"], kept["net"]) == ("1850", "350", "1500")
    assert kept["weighed_at"] == weight["weighed_at"]
