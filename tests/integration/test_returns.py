"""Goods on their way to customers, and what comes back: inspected, at the cost they left with (B7).

Here is the output side of H5 too: what was sold and came back, listed for the tax bureau.
"""

import asyncio
import signal
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

Json = dict[str, Any]


async def shipped(chain: Any, site_id: str, *lines: Json) -> Json:
    """Order, pay and ship lines for 10.00 each unless they say otherwise; return the shipment."""
    body = {
        "customer_id": await chain.make_customer(),
        "site_id": site_id,
        "warehouse_id": "floor",
        "currency": "USD",
        "lines": [{"unit": "EA", "amount": "10.00", **line} for line in lines],
    }
    order = chain.must(await chain.insist("sales", "/orders", body))
    path = f"/orders/{order['order_id']}"
    assert (await chain.settled(order["order_id"]))["status"] == "reserved"
    chain.must(await chain.insist("sales", f"{path}/pay", {"amount": order["total"]}))
    assert (await chain.settled(order["order_id"]))["status"] == "paid"
    return dict(chain.must(await chain.insist("sales", f"{path}/ship")))


async def draft(chain: Any, shipment: Json, *lines: Json, **more: Any) -> Any:
    body = {"shipment_id": shipment["shipment_id"], "lines": list(lines), **more}
    return await chain.insist("sales", "/returns", body)


async def post(chain: Any, made: Json, *steps: str) -> Json:
    """Audit and post a return, or take these steps; return it once inventory has booked it."""
    path = f"/returns/{made['return_id']}"
    for step in steps or ("audit", "post"):
        on_its_way = chain.must(await chain.insist("sales", f"{path}/{step}"))
    assert on_its_way["status"] in ("posting", "posted")

    async def booked() -> Json | None:
        answer = (await chain.get("sales", path)).json()
        return answer if answer["status"] == "posted" else None

    return dict(await chain.eventually(booked, f"return {made['number']} to be booked"))


async def returned(chain: Any, shipment: Json, *lines: Json, **more: Any) -> Json:
    return await post(chain, chain.must(await draft(chain, shipment, *lines, **more)))


async def balance(chain: Any, site_id: str, item: str) -> tuple[str, str, str]:
    stock = await chain.stock(site_id, item)
    return stock["on_hand"], stock["in_inspection"], stock["available"]


async def cost_of(chain: Any, made: Json) -> str:
    """Return what a return has brought back in costing, once it is there."""

    async def costed() -> Json | None:
        path = f"/returns/{made['return_id']}/costs"
        answer = chain.must(await chain.get("costing", path))
        return answer if answer["lines"] else None

    return str((await chain.eventually(costed, "the return to be costed"))["cost"])


async def test_a_return_comes_into_inspection_at_the_cost_of_its_shipment_line(chain: Any) -> None:
    """B7: in parts, the last of which takes the rest of the cost and of the price."""
    site_id, (tea, rice) = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, {tea: ("3", "3.333333"), rice: ("5", "1.00")})
    gift = {"item_id": rice, "quantity": "1", "amount": "0"}
    shipment = await shipped(chain, site_id, {"item_id": tea, "quantity": "3"}, gift)
    numbers = {line["item_id"]: line["line_no"] for line in shipment["lines"]}
    await chain.stock_up(site_id, {tea: ("10", "9.00")})
    parts = []
    for _ in range(3):
        line = {"shipment_line_no": numbers[tea], "quantity": "1"}
        parts.append(await returned(chain, shipment, line))
    assert [one["refund"] for one in parts] == ["3.33", "3.34", "3.33"]
    assert [await cost_of(chain, one) for one in parts] == ["3.33", "3.34", "3.33"]
    free = await returned(chain, shipment, {"shipment_line_no": numbers[rice], "quantity": "1"})
    assert (free["refund"], await cost_of(chain, free)) == ("0", "1")
    assert await balance(chain, site_id, tea) == ("13", "3", "10")
    place = {"site_id": site_id, "warehouse_id": "floor", "item_id": tea}
    body = {
        **place,
        "parts": [
            {"decision": "release", "quantity": "2"},
            {"decision": "reject", "quantity": "1", "reason": "opened"},
        ],
    }
    chain.must(await chain.insist("inventory", "/inspections", body))
    assert await balance(chain, site_id, tea) == ("13", "0", "12")
    await chain.assert_books_agree(site_id)
    sums = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert (sums["cogs"], sums["units"]) == ("0", "0")
    report = chain.must(await chain.get("sales", "/reports/sales", site_id=site_id))
    assert (report["revenue_shipped"], report["revenue_returned"]) == ("10", "10")
    assert report["revenue"] == "0"
    value = chain.must(await chain.get("costing", f"/costs/{site_id}/{tea}"))
    assert (value["quantity"], value["value"]) == ("13", "100")


async def test_no_more_comes_back_than_was_shipped_however_many_try_at_once(chain: Any) -> None:
    """B7: one wins, the others are told what is left; repeats of one command are one return."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "2.00")})
    shipment = await shipped(chain, site_id, {"item_id": tea, "quantity": "4"})
    line = {"shipment_line_no": 1, "quantity": "3"}
    answers = await asyncio.gather(*(draft(chain, shipment, line) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 5
    refusal = next(one.json() for one in answers if one.status_code == 409)
    assert refusal["code"] == "return_exceeds_shipment"
    (told,) = refusal["lines"]
    assert (told["shipped"], told["returned"], told["returnable"]) == ("4", "3", "1")
    (made,) = [one.json() for one in answers if one.status_code == 201]
    await post(chain, made)
    key, path = str(uuid4()), f"/returns/{made['return_id']}/post"
    again = await asyncio.gather(*(chain.insist("sales", path, None, key) for _ in range(3)))
    assert {one.json()["code"] for one in again} == {"return_already_posted"}
    assert await balance(chain, site_id, tea) == ("9", "3", "6")
    await chain.assert_books_agree(site_id)


async def test_a_shipment_posted_by_mistake_is_reversed_by_another_person(chain: Any) -> None:
    """A1: by a document that names it; goods, cost and revenue are as they were before."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "2.00")})
    shipment = await shipped(chain, site_id, {"item_id": tea, "quantity": "4"})
    await chain.stock_up(site_id, {tea: ("10", "9.00")})
    mistake = {"cause": "reversal", "reason": "the customer sent no order"}
    made = chain.must(await draft(chain, shipment, **mistake))
    assert (made["number"][:3], made["shipment_number"]) == ("RV-", shipment["number"])
    audit = f"/returns/{made['return_id']}/audit"
    alone = await chain.post("sales", audit)
    assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
    token = chain.stack.token("max", ["clerk"], [site_id], 1)
    chain.must(await chain.post("sales", audit, token=token))
    await post(chain, made, "post")
    assert await cost_of(chain, made) == "8"
    assert await balance(chain, site_id, tea) == ("20", "0", "20")
    await chain.assert_books_agree(site_id)
    value = chain.must(await chain.get("costing", f"/costs/{site_id}/{tea}"))
    assert (value["quantity"], value["value"]) == ("20", "110")
    again = await draft(chain, shipment, **mistake)
    assert (again.status_code, again.json()["code"]) == (409, "returned_in_part")


async def phones(chain: Any, site_id: str, *serials: str) -> str:
    """Return an item of which these units are on hand, bought for 100 each."""
    phone = f"p-{uuid4().hex[:8]}"
    item = {"item_id": phone, "name": phone, "base_unit": "EA", "scale": 0, "tracking": "serial"}
    report = chain.must(await chain.insist("inventory", "/items/import", {"items": [item]}))
    assert report["refused"] == []

    async def known() -> bool:
        answer = await chain.get("sales", f"/reference/items/{phone}")
        return bool(answer.status_code == 200)

    await chain.eventually(known, "sales to know the phone")
    line = {"item_id": phone, "unit": "EA", "quantity": str(len(serials)), "unit_cost": "100"}
    body = {
        "kind": "receipt",
        "site_id": site_id,
        "warehouse_id": "floor",
        "reason": "opening stock",
        "currency": "USD",
        "lines": [{**line, "serials": list(serials)}],
    }
    opened = chain.must(await chain.insist("inventory", "/documents", body))
    for name in ("audit", "post"):
        path = f"/documents/{opened['document_id']}/{name}"
        chain.must(await chain.insist("inventory", path))
    return phone


async def test_the_units_that_come_back_are_those_that_left_and_can_be_sold_again(
    chain: Any,
) -> None:
    """B5, B7: by serial number; exchanged for another order of the customer."""
    site_id = await chain.make_site()
    phone = await phones(chain, site_id, "S1", "S2")
    wanted = {"item_id": phone, "quantity": "2", "amount": "399.99", "serials": ["S1", "S2"]}
    shipment = await shipped(chain, site_id, wanted)
    line = {"shipment_line_no": 1, "quantity": "1"}
    wrong = await draft(chain, shipment, {**line, "serials": ["S9"]})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "returned_goods_differ")
    made = await returned(chain, shipment, {**line, "serials": ["S2"]})
    assert (made["refund"], await cost_of(chain, made)) == ("200", "100")
    sheet = (await chain.get("inventory", f"/items/{phone}/trace-codes.csv")).text
    states = [row for row in sheet.splitlines() if ",in_inspection," in row]
    assert [row.split(",")[1] for row in states] == ["S2"]
    body = {
        "site_id": site_id,
        "warehouse_id": "floor",
        "item_id": phone,
        "parts": [{"decision": "release", "quantity": "1", "serials": ["S2"]}],
    }
    chain.must(await chain.insist("inventory", "/inspections", body))
    again = chain.order_body(made["customer_id"], site_id, {phone: ("1", "399.99")})
    again["lines"][0]["serials"] = ["S2"]
    order = chain.must(await chain.insist("sales", "/orders", again))
    path = f"/returns/{made['return_id']}/exchange"
    named = chain.must(await chain.insist("sales", path, {"order_id": order["order_id"]}))
    assert named["exchange_order_id"] == order["order_id"]
    await chain.assert_books_agree(site_id)


async def test_whoever_dies_meanwhile_each_return_is_booked_once(chain: Any) -> None:
    """B7, B8, E2: inventory and costing are killed while six shipments come back in parts."""
    site_id, (tea,) = await chain.make_site("back"), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("18", "0.777777")})
    line = {"item_id": tea, "quantity": "3"}
    shipments = [await shipped(chain, site_id, line) for _ in range(6)]

    async def bring_back(shipment: Json) -> str:
        parts = [
            await returned(chain, shipment, {"shipment_line_no": 1, "quantity": quantity})
            for quantity in ("1", "2")
        ]
        assert [one["refund"] for one in parts] == ["3.33", "6.67"]
        return str(sum(Decimal(one["refund"]) for one in parts))

    async def kill() -> None:
        for victim in ("inventory.worker", "costing.worker", "sales.relay", "inventory.relay"):
            await asyncio.to_thread(chain.stack.kill, victim, signal.SIGKILL)

    refunds, _ = await asyncio.gather(asyncio.gather(*map(bring_back, shipments)), kill())
    await asyncio.to_thread(chain.stack.wait_ready, 120)
    assert refunds == ["10.00"] * 6
    await chain.assert_books_agree(site_id)
    assert await balance(chain, site_id, tea) == ("18", "18", "0")
    sums = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert (sums["cogs"], sums["units"], sums["lines"]) == ("0", "0", 6)
    value = chain.must(await chain.get("costing", f"/costs/{site_id}/{tea}"))
    assert (value["quantity"], value["value"]) == ("18", "14")


async def test_what_is_shipped_is_in_transit_until_it_is_signed_for_or_back(chain: Any) -> None:
    """F1: one shipment is scanned, one is in the carrier's file, one could not be delivered."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("10", "2.00")})
    line = {"item_id": tea, "quantity": "2"}
    scanned, carried, refused = [await shipped(chain, site_id, line) for _ in range(3)]

    async def under_way() -> list[tuple[str, str]]:
        rows = chain.must(await chain.get("sales", "/in-transit", site_id=site_id))["items"]
        assert all(one["age_hours"] == 0 for one in rows)
        return [(one["number"], one["quantity"]) for one in rows]

    numbers = [one["number"] for one in (scanned, carried, refused)]
    assert await under_way() == [(number, "2") for number in numbers]
    path = f"/shipments/{scanned['shipment_id']}/deliver"
    chain.must(await chain.insist("sales", path, {"signed_by": "Wang", "proof": "photo-1"}))
    listed = {
        "number": carried["number"],
        "signed_by": "Reception",
        "signed_at": carried["posted_at"],
    }
    told = chain.must(await chain.insist("sales", "/deliveries/import", {"deliveries": [listed]}))
    assert (told["accepted"], told["refused"]) == (1, [])
    assert await under_way() == [(refused["number"], "2")]
    made = await returned(chain, refused, cause="undelivered", reason="Nobody at home")
    assert (made["refund"], await cost_of(chain, made)) == ("10", "4")
    assert await under_way() == []
    assert await balance(chain, site_id, tea) == ("6", "2", "4")
    await chain.assert_books_agree(site_id)


async def test_what_was_sold_and_what_came_back_is_listed_for_the_tax_bureau(chain: Any) -> None:
    """H5: output invoices of a month, blue and red, with the rate of each item, as CSV too."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    rate = {"scope": "item", "name": tea, "percent": "13", "valid_from": "2020-01-01"}
    chain.must(await chain.insist("sales", "/output-vat-rates", rate))
    await chain.stock_up(site_id, {tea: ("10", "2.00")})
    shipment = await shipped(chain, site_id, {"item_id": tea, "quantity": "4"})
    line = {"shipment_line_no": shipment["lines"][0]["line_no"], "quantity": "1"}
    made = await returned(chain, shipment, line)
    local = datetime.fromisoformat(made["posted_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    asked = {"period": f"{local:%Y-%m}", "site_id": site_id}
    lines = chain.must(await chain.get("sales", "/output-invoices", **asked))["items"]
    assert [(one["kind"], one["amount"], one["tax"], one["total"]) for one in lines] == [
        ("blue", "10", "1.3", "11.3"),
        ("red", "-2.5", "-0.33", "-2.83"),
    ]
    sheet = await chain.get("sales", "/output-invoices/export", **asked)
    assert made["number"] in sheet.text
    assert shipment["number"] in sheet.text


async def release(chain: Any, site_id: str, item: str, quantity: str, **named: Any) -> None:
    """Let goods go that an inspection was waited for."""
    part = {"decision": "release", "quantity": quantity, **named}
    place = {"site_id": site_id, "warehouse_id": "floor", "item_id": item}
    chain.must(await chain.insist("inventory", "/inspections", {**place, "parts": [part]}))


async def reversal(chain: Any, made: Json) -> Json:
    """Return the reversal of a return, which another person than who drafted it has audited."""
    body = {"return_id": made["return_id"], "reason": "entered for another customer"}
    drafted = chain.must(await chain.insist("sales", "/return-reversals", body))
    token = chain.stack.token("max", ["clerk"], [made["site_id"]], 1)
    path = f"/return-reversals/{drafted['reversal_id']}/audit"
    return dict(chain.must(await chain.post("sales", path, token=token)))


async def taken_back(chain: Any, drafted: Json) -> Json:
    """Post a reversal; return its return once inventory has taken it back."""
    path = f"/return-reversals/{drafted['reversal_id']}"
    posting = chain.must(await chain.insist("sales", f"{path}/post"))
    assert posting["status"] in ("posting", "posted")

    async def void() -> Json | None:
        answer = chain.must(await chain.get("sales", f"/returns/{drafted['return_id']}"))
        return answer if answer["status"] == "reversed" else None

    return dict(await chain.eventually(void, f"return {drafted['return_number']} to be void"))


async def earned(chain: Any, site_id: str) -> tuple[str, str]:
    """Return the cost of what was sold, as costing has it and as the margins of sales add up."""
    sums = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))

    async def agreed() -> Json | None:
        asked = {"site_id": site_id, "by": "site"}
        page = chain.must(await chain.get("sales", "/reports/margins", **asked))
        (found,) = page["items"]
        cost = Decimal(found["cost"]) + Decimal(found["free_cost"])
        return found if cost == Decimal(sums["cogs"]) else None

    found = await chain.eventually(agreed, "margins to know what costing knows")
    return sums["cogs"], found["amount"]


async def test_a_return_posted_by_mistake_is_reversed_and_its_goods_come_back_again(
    chain: Any,
) -> None:
    """A1: stock, cost, refund and margin are as before; what stays returned adds up to the cent."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("3", "3.333333")})
    shipment = await shipped(chain, site_id, {"item_id": tea, "quantity": "3"})
    await chain.stock_up(site_id, {tea: ("10", "9.00")})
    line = {"shipment_line_no": 1, "quantity": "1"}
    first, second = [await returned(chain, shipment, line) for _ in range(2)]
    assert [await cost_of(chain, one) for one in (first, second)] == ["3.33", "3.34"]
    await release(chain, site_id, tea, "1")
    void = await taken_back(chain, await reversal(chain, first))
    assert void["reversed_by_number"].startswith("RV-")
    await chain.drain()
    await chain.assert_books_agree(site_id)
    assert await balance(chain, site_id, tea) == ("11", "0", "11")
    value = chain.must(await chain.get("costing", f"/costs/{site_id}/{tea}"))
    assert (value["quantity"], value["value"]) == ("11", "93.34")
    assert await earned(chain, site_id) == ("6.66", "6.66")
    rest = await returned(chain, shipment, {"shipment_line_no": 1, "quantity": "2"})
    assert (rest["refund"], await cost_of(chain, rest)) == ("6.66", "6.66")
    await chain.drain()
    await chain.assert_books_agree(site_id)
    value = chain.must(await chain.get("costing", f"/costs/{site_id}/{tea}"))
    assert (value["quantity"], value["value"]) == ("13", "100")
    trace = chain.must(await chain.get("inventory", "/trace", item_id=tea))
    assert "reversal" in [one["kind"] for one in trace["items"]]


async def test_a_return_whose_goods_were_sold_again_is_not_reversed(chain: Any) -> None:
    """A1, B5: the refusal names the unit and where it is; of two who post it one is told."""
    site_id = await chain.make_site()
    phone = await phones(chain, site_id, "S1", "S2")
    wanted = {"item_id": phone, "quantity": "2", "amount": "400.00", "serials": ["S1", "S2"]}
    shipment = await shipped(chain, site_id, wanted)
    line = {"shipment_line_no": 1, "quantity": "1"}
    first = await returned(chain, shipment, {**line, "serials": ["S1"]})
    second = await returned(chain, shipment, {**line, "serials": ["S2"]})
    await release(chain, site_id, phone, "2", serials=["S1", "S2"])
    again = {**wanted, "quantity": "1", "serials": ["S1"]}
    await shipped(chain, site_id, again)
    await chain.drain()
    mistaken, sold = await reversal(chain, second), await reversal(chain, first)
    path = f"/return-reversals/{sold['reversal_id']}"
    refused = await chain.insist("sales", f"{path}/post")
    assert (refused.status_code, refused.json()["code"]) == (409, "returned_goods_gone")
    (short,) = refused.json()["lines"]
    assert (short["wanted"], short["available"]) == ("1", "1")
    elsewhere = [(one["serial_no"], one["state"]) for one in short["units_elsewhere"]]
    assert elsewhere == [("S1", "shipped")]
    held = chain.must(await chain.get("sales", path))
    assert (held["status"], bool(held["held_cause"])) == ("audited", True)
    post = f"/return-reversals/{mistaken['reversal_id']}/post"
    answers = await asyncio.gather(*(chain.insist("sales", post) for _ in range(3)))
    assert {one.json().get("code", "posted") for one in answers} <= {
        "posted",
        "reversal_already_posted",
    }

    async def gone() -> bool:
        return bool((await balance(chain, site_id, phone))[0] == "0")

    await chain.eventually(gone, "the unit to be the customer's again")
    await chain.drain()
    await chain.assert_books_agree(site_id)


async def test_whoever_dies_meanwhile_a_return_is_taken_back_once(chain: Any) -> None:
    """A1, B8, E2: inventory is stopped while a reversal is posted, and then others are killed."""
    site_id, (tea,) = await chain.make_site("undo"), await chain.make_items(1)
    await chain.stock_up(site_id, {tea: ("9", "0.777777")})
    shipment = await shipped(chain, site_id, {"item_id": tea, "quantity": "9"})
    made = await returned(chain, shipment, {"shipment_line_no": 1, "quantity": "4"})
    drafted = await reversal(chain, made)
    path, key = f"/return-reversals/{drafted['reversal_id']}", str(uuid4())
    chain.stack.kill("inventory.api", signal.SIGSTOP)
    try:
        answer = await chain.post("sales", f"{path}/post", None, key)
        assert (answer.status_code, answer.json()["status"]) == (202, "posting")
        cancel = await chain.post("sales", f"{path}/cancel")
        assert (cancel.status_code, cancel.json()["code"]) == (409, "reversal_already_posted")
        asked = {"site_id": site_id, "kind": "return_reversal"}
        waiting = chain.must(await chain.get("sales", "/reports/open-documents", **asked))
        assert [one["number"] for one in waiting["items"]] == [drafted["number"]]
    finally:
        chain.stack.kill("inventory.api", signal.SIGCONT)
    for victim in ("inventory.worker", "inventory.relay", "sales.worker", "costing.worker"):
        await asyncio.to_thread(chain.stack.kill, victim, signal.SIGKILL)
    await asyncio.to_thread(chain.stack.wait_ready, 120)
    again = await chain.insist("sales", f"{path}/post", None, key)
    assert again.json()["reversal_id"] == drafted["reversal_id"]

    async def void() -> bool:
        answer = chain.must(await chain.get("sales", f"/returns/{made['return_id']}"))
        return bool(answer["status"] == "reversed")

    await chain.eventually(void, "the return to be taken back")
    await chain.drain()
    await chain.assert_books_agree(site_id)
    sums = chain.must(await chain.get("costing", "/reports/cogs", site_id=site_id))
    assert (sums["cogs"], sums["units"]) == ("7", "9")
