"""Goods that must be named, in any unit, and kits are sold, and called back (B4, B5, B6, H3)."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

from servicekit.clock import now

Json = dict[str, Any]


async def define(chain: Any, **description: Any) -> str:
    """Import an item and wait until purchasing and sales know it."""
    item_id = f"b-{uuid4().hex[:8]}"
    item = {"item_id": item_id, "name": item_id, "base_unit": "EA", "scale": 0, **description}
    report = chain.must(await chain.post("inventory", "/items/import", {"items": [item]}))
    assert report["refused"] == []

    async def known() -> bool:
        answers = [
            await chain.get(service, f"/reference/items/{item_id}")
            for service in ("purchasing", "sales")
        ]
        return all(answer.status_code == 200 for answer in answers)

    await chain.eventually(known, f"all to know {item_id}")
    return item_id


async def receive(chain: Any, site_id: str, item_id: str, quantity: str, **naming: Any) -> None:
    """Receive named goods and wait until they are on the books."""
    body = {
        "supplier_id": await chain.make_supplier(),
        "site_id": site_id,
        "warehouse_id": "floor",
        "currency": "USD",
        "due_date": str((now() + timedelta(days=28)).date()),
        "lines": [{"item_id": item_id, "quantity": quantity, "unit": "EA", "unit_cost": "2"}],
    }
    ordered = chain.must(await chain.post("purchasing", "/orders", body))
    lines = [{"order_line_no": 1, "quantity": quantity, **naming}]
    body = {"order_id": ordered["order_id"], "lines": lines}
    receipt = chain.must(await chain.post("purchasing", "/receipts", body))
    path = f"/receipts/{receipt['receipt_id']}"
    for step in ("audit", "post"):
        chain.must(await chain.post("purchasing", f"{path}/{step}"))

    async def booked() -> bool:
        return bool((await chain.get("purchasing", path)).json()["status"] == "posted")

    await chain.eventually(booked, f"{item_id} to be received")


async def order(chain: Any, site_id: str, *lines: Json, **more: Any) -> Any:
    """Order lines for 10.00 each, one piece unless they say otherwise; return the answer."""
    body = {
        "customer_id": await chain.make_customer(),
        "site_id": site_id,
        "warehouse_id": "floor",
        "currency": "USD",
        "lines": [{"quantity": "1", "unit": "EA", "amount": "10.00", **line} for line in lines],
        **more,
    }
    return await chain.post("sales", "/orders", body)


async def ship(chain: Any, placed: Json) -> list[Json]:
    """Pay and ship an order; return the lines that left."""
    path = f"/orders/{placed['order_id']}"
    chain.must(await chain.post("sales", f"{path}/pay", {"amount": placed["total"]}))
    shipment = chain.must(await chain.post("sales", f"{path}/ship"))
    return list(shipment["lines"])


async def dated_milk(chain: Any, site_id: str) -> str:
    """Return milk of two batches, 30 pieces each, that is sold by the dozen too."""
    milk = await define(chain, tracking="batch", shelf_life_days=30)
    unit = {"unit": "case", "numerator": 12}
    chain.must(await chain.post("inventory", f"/items/{milk}/units", unit))
    for batch_id, days_ago in (("young", 2), ("older", 10)):
        made_on = str(now().date() - timedelta(days=days_ago))
        await receive(chain, site_id, milk, "30", batch_id=batch_id, manufactured_on=made_on)
    return milk


async def test_a_dozen_of_a_batch_a_kit_and_a_serial_number_are_sold(chain: Any) -> None:
    """B4, B5, B6: in one order; what leaves is what was held, for what the customer paid."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    kit = await define(chain)
    # Components leave in the order of their ids.
    cup, tea = sorted([await define(chain), await define(chain)])
    parts = [{"item_id": cup, "quantity": "1"}, {"item_id": tea, "quantity": "2"}]
    chain.must(await chain.post("inventory", f"/items/{kit}/kit", {"components": parts}))
    await chain.stock_up(site_id, {cup: ("5", "1"), tea: ("7", "1")})
    phone = await define(chain, tracking="serial")
    await receive(chain, site_id, phone, "2", serials=["S1", "S2"])
    dozens = {"item_id": milk, "quantity": "2", "unit": "case", "batch_id": "older"}
    answer = await order(
        chain, site_id, dozens, {"item_id": kit}, {"item_id": phone, "serials": ["S2"]}
    )
    placed = chain.must(answer)
    shown = (await chain.get("sales", f"/orders/{placed['order_id']}")).json()
    assert shown["held"][0]["unit_version"] == 1
    left = [
        (one["item_id"], one["quantity"], one["unit"], one["amount"], one["batch_id"])
        for one in await ship(chain, placed)
    ]
    assert left == [
        (milk, "24", "EA", "10", "older"),
        (phone, "1", "EA", "10", ""),
        (cup, "1", "EA", "3.33", ""),
        (tea, "2", "EA", "6.67", ""),
    ]
    await chain.assert_books_agree(site_id)
    on_hand = {item: (await chain.stock(site_id, item))["on_hand"] for item in (cup, tea, phone)}
    assert on_hand == {cup: "4", tea: "5", phone: "1"}
    sheet = (await chain.get("inventory", f"/items/{phone}/trace-codes.csv")).text
    assert [line.split(",")[1] for line in sheet.splitlines() if ",in_stock," in line] == ["S1"]


async def test_goods_that_are_not_named_or_not_measured_are_refused_with_a_proposal(
    chain: Any,
) -> None:
    """B5, B6: the clerk sees which batches to take first, and which units there are."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    unnamed = await order(chain, site_id, {"item_id": milk, "quantity": "40"})
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "batch_missing")
    picks = [(one["batch_id"], one["quantity"]) for one in unnamed.json()["proposal"]["picks"]]
    assert picks == [("older", "30"), ("young", "10")]
    crate = await order(chain, site_id, {"item_id": milk, "unit": "crate", "batch_id": "older"})
    assert (crate.status_code, crate.json()["code"]) == (422, "unknown_unit")
    assert "case" in crate.json()["units"]
    await chain.assert_books_agree(site_id)


async def test_sales_says_to_whom_a_batch_went_that_is_called_back(chain: Any) -> None:
    """H3: inventory orders the recall; sales lists the customers of that batch and tells them."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    sold = [
        chain.must(await order(chain, site_id, {"item_id": milk, "batch_id": batch_id}))
        for batch_id in ("older", "young")
    ]
    for placed in sold:
        await ship(chain, placed)
    said = {"number": f"RC-{uuid4().hex[:8]}", "recall_class": "II", "reason": "Sour"}
    body = {**said, "item_id": milk, "batches": ["older"]}
    recall = chain.must(await chain.post("inventory", "/recalls", body))
    path = f"/recalls/{recall['recall_id']}"

    async def known() -> bool:
        return bool((await chain.get("sales", path)).status_code == 200)

    await chain.eventually(known, "sales to hear of the recall")
    (customer,) = chain.must(await chain.get("sales", f"{path}/customers"))["items"]
    assert (customer["customer_id"], customer["quantity"]) == (sold[0]["customer_id"], "1")
    informed = f"{path}/customers/{customer['customer_id']}/informed"
    chain.must(await chain.post("sales", informed, {"note": "By telephone"}))
    shown = chain.must(await chain.get("sales", path))
    assert (shown["customers"], shown["customers_informed"]) == (1, 1)
    await chain.assert_books_agree(site_id)


async def left_in_parts(chain: Any, site_id: str, milk: str) -> tuple[Json, list[Json]]:
    """Sell three of the older batch, which leave in two parts; return the order and both."""
    line = {"item_id": milk, "quantity": "3", "batch_id": "older"}
    placed = chain.must(await order(chain, site_id, line))
    path = f"/orders/{placed['order_id']}"
    chain.must(await chain.post("sales", f"{path}/pay", {"amount": placed["total"]}))
    part = {"lines": [{"line_no": 1, "quantity": "1"}]}
    parts = [chain.must(await chain.post("sales", f"{path}/ship", body)) for body in (part, None)]
    await chain.drain()
    return placed, parts


async def came_back(chain: Any, recall: str, quantity: str) -> None:
    """Wait until inventory and sales say that so much of what is called back has come back."""

    async def agreed() -> bool:
        told = [chain.must(await chain.get(one, recall)) for one in ("inventory", "sales")]
        return (told[0]["recovered"], told[1]["returned"]) == (quantity, quantity)

    await chain.eventually(agreed, f"inventory and sales to have {quantity} back")


async def test_every_part_of_an_order_is_traced_and_called_back_with_its_customer(
    chain: Any,
) -> None:
    """A8, H3: inventory names the order of each, sales the customer."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    placed, parts = await left_in_parts(chain, site_id, milk)
    page = chain.must(await chain.get("inventory", "/trace", item_id=milk, batch_id="older"))
    shipped = {one["number"]: one for one in page["documents"] if one["kind"] == "shipment"}
    assert shipped.keys() == {one["number"] for one in parts}
    assert {one["order_id"] for one in shipped.values()} == {placed["order_id"]}
    recall = await called_back(chain, milk, "older")
    listed = chain.must(await chain.get("inventory", f"{recall}/deliveries"))["items"]
    assert [(one["quantity"], one["order_id"]) for one in listed] == [
        ("1", placed["order_id"]),
        ("2", placed["order_id"]),
    ]
    told = chain.must(await chain.get("sales", f"{recall}/shipments"))["items"]
    assert {(one["shipment_id"], one["order_id"], one["customer_id"]) for one in told} == {
        (one["shipment_id"], placed["order_id"], placed["customer_id"]) for one in parts
    }
    await chain.assert_books_agree(site_id)


async def test_a_recall_counts_what_sales_takes_back_until_that_was_a_mistake(chain: Any) -> None:
    """H3: nobody tells the recall; inventory and sales say the same."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    _, parts = await left_in_parts(chain, site_id, milk)
    recall = await called_back(chain, milk, "older")
    lines = [{"shipment_line_no": 1, "quantity": "2", "batch_id": "older"}]
    body = {"shipment_id": parts[1]["shipment_id"], "lines": lines}
    made = chain.must(await chain.post("sales", "/returns", body))
    for step in ("audit", "post"):
        chain.must(await chain.post("sales", f"/returns/{made['return_id']}/{step}"))
    await came_back(chain, recall, "2")
    await chain.drain()
    body = {"return_id": made["return_id"], "reason": "entered for another customer"}
    undoing = chain.must(await chain.post("sales", "/return-reversals", body))
    path = f"/return-reversals/{undoing['reversal_id']}"
    another = chain.stack.token("max", ["clerk"], [site_id], 1)
    chain.must(await chain.post("sales", f"{path}/audit", token=another))
    chain.must(await chain.post("sales", f"{path}/post"))
    await came_back(chain, recall, "0")
    await chain.assert_books_agree(site_id)


async def called_back(chain: Any, item_id: str, batch_id: str) -> str:
    """Call a batch back, and wait until all have heard of it; return the recall's path."""
    said = {"number": f"RC-{uuid4().hex[:8]}", "recall_class": "II", "reason": "Sour"}
    body = {**said, "item_id": item_id, "batches": [batch_id]}
    recall = chain.must(await chain.post("inventory", "/recalls", body))
    await chain.drain()
    return f"/recalls/{recall['recall_id']}"


async def refunds(chain: Any, order_id: str) -> list[str]:
    """Return the amounts that sales has said are paid back of an order."""
    said = {"topic": "sales.order.v1", "key": order_id}
    told = chain.must(await chain.get("sales", "/events", **said))["items"]
    return [one["payload"]["amount"] for one in told if ".order_refunded." in one["type"]]


async def test_what_is_called_back_before_it_left_is_paid_back_or_owed_no_more(chain: Any) -> None:
    """B2, H3: of an order that left in part only the rest, and nobody has to ask for it."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    line = {"item_id": milk, "quantity": "3", "batch_id": "older"}
    whole, part, owed = [chain.must(await order(chain, site_id, line)) for _ in range(3)]
    for placed in (whole, part):
        path = f"/orders/{placed['order_id']}/pay"
        chain.must(await chain.post("sales", path, {"amount": "10.00"}))
    terms = {"credit_limit": "10", "terms_days": 30}
    account = f"/customers/{owed['customer_id']}"
    chain.must(await chain.post("sales", f"{account}/credit-terms", terms))
    chain.must(await chain.post("sales", f"/orders/{owed['order_id']}/credit"))
    for placed in (part, owed):
        lines = {"lines": [{"line_no": 1, "quantity": "1"}]}
        chain.must(await chain.post("sales", f"/orders/{placed['order_id']}/ship", lines))
    await chain.drain()
    await called_back(chain, milk, "older")
    ends = [(await chain.settled(one["order_id"])) for one in (whole, part, owed)]
    assert [one["status"] for one in ends] == ["cancelled", "shipped", "shipped"]
    assert {one["cause"] for one in ends} == {"reservation_released"}
    refunded = [await refunds(chain, one["order_id"]) for one in (whole, part, owed)]
    assert refunded == [["10"], ["6.67"], []]
    left = chain.must(await chain.get("sales", f"{account}/account"))
    assert (left["owed"], left["balance"]) == ("3.33", "0")
    await chain.assert_books_agree(site_id)


async def test_a_recall_and_shipments_at_the_same_moment_leave_nothing_behind(chain: Any) -> None:
    """H3, B1: what was shipped before sales heard of it has left, and the recall follows it."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    customer = await chain.make_customer()
    line = {"item_id": milk, "quantity": "1", "unit": "EA", "batch_id": "older", "amount": "10.00"}
    body = chain.order_body(customer, site_id, {}) | {"lines": [line]}
    placed = [chain.must(await chain.post("sales", "/orders", body)) for _ in range(12)]
    for one in placed:
        path = f"/orders/{one['order_id']}/pay"
        chain.must(await chain.post("sales", path, {"amount": "10.00"}))
    said = {"number": f"RC-{uuid4().hex[:8]}", "recall_class": "I", "reason": "Sour"}
    ordered = {**said, "item_id": milk, "batches": ["older"]}
    recall, *answers = await asyncio.gather(
        chain.post("inventory", "/recalls", ordered),
        *(chain.post("sales", f"/orders/{one['order_id']}/ship") for one in placed),
    )
    await chain.drain()
    left = {answer.json()["number"] for answer in answers if answer.is_success}
    path = f"/recalls/{chain.must(recall)['recall_id']}"

    async def followed() -> bool:
        listed = chain.must(await chain.get("inventory", f"{path}/deliveries"))["items"]
        return {one["document_number"] for one in listed} == left

    await chain.eventually(followed, f"the recall to follow {len(left)} deliveries")
    told = chain.must(await chain.get("sales", path))
    assert told["quantity"] == str(len(left))
    ends = [await chain.settled(one["order_id"]) for one in placed]
    assert sorted(one["status"] for one in ends) == sorted(
        "shipped" if answer.is_success else "cancelled" for answer in answers
    )
    page = await chain.get("inventory", "/stock", site_id=site_id, item_id=milk, batch_id="older")
    (older,) = page.json()["items"]
    assert (older["allocated"], older["frozen"]) == ("0", older["on_hand"])
    await chain.assert_books_agree(site_id)


async def test_of_units_called_back_by_number_sales_shows_who_got_them_and_what_is_back(
    chain: Any,
) -> None:
    """H3: of a line only the units meant, and numbers count as numbers."""
    site_id = await chain.make_site()
    phone = await define(chain, tracking="serial")
    await receive(chain, site_id, phone, "3", serials=["S8", "S9", "S10"])
    line = {"item_id": phone, "quantity": "2", "serials": ["S9", "S8"]}
    placed = chain.must(await order(chain, site_id, line))
    await ship(chain, placed)
    said = {"number": f"RC-{uuid4().hex[:8]}", "recall_class": "II", "reason": "Burns"}
    body = {**said, "item_id": phone, "first_serial": "S9", "last_serial": "S9"}
    recall = chain.must(await chain.post("inventory", "/recalls", body))
    await chain.drain()
    path = f"/recalls/{recall['recall_id']}"
    shown = chain.must(await chain.get("sales", path))
    names = ("customers", "quantity", "returned", "first_serial")
    assert [shown[name] for name in names] == [1, "1", "0", "S9"]
    (got,) = chain.must(await chain.get("sales", f"{path}/shipments"))["items"]
    assert (got["customer_id"], got["serials"]) == (placed["customer_id"], ["S9"])
    line = {"shipment_line_no": 1, "quantity": "1", "serials": ["S9"]}
    back = {"shipment_id": got["shipment_id"], "lines": [line]}
    made = chain.must(await chain.post("sales", "/returns", back))
    for step in ("audit", "post"):
        chain.must(await chain.post("sales", f"/returns/{made['return_id']}/{step}"))
    assert chain.must(await chain.get("sales", path))["returned"] == "1"
    await chain.assert_books_agree(site_id)


async def became(chain: Any, site_id: str, placed: Json, what: str) -> Json:
    """Wait until an order has a status, or only its batch is to be named; return it."""

    async def seen() -> Json | None:
        queue = chain.must(await chain.get("sales", "/back-orders", site_id=site_id))["items"]
        named = {one["order_id"] for one in queue if one["batch_to_be_named"]}
        found = dict(await chain.settled(placed["order_id"]))
        stands = {found["status"], "to name" if placed["order_id"] in named else ""}
        return found if what in stands else None

    return dict(await chain.eventually(seen, f"order {placed['order_id']} to be {what}"))


async def test_who_waits_for_a_batch_names_it_when_it_is_there_or_takes_the_proposal(
    chain: Any,
) -> None:
    """B2, B5: nothing is picked silently; what was agreed beforehand stands on the line."""
    site_id = await chain.make_site()
    milk = await define(chain, tracking="batch", shelf_life_days=30)
    wanted = {"item_id": milk, "quantity": "4"}
    by_name = chain.must(await order(chain, site_id, wanted, shortage="backorder"))
    assert by_name["status"] == "backordered"
    made_on = str(now().date() - timedelta(days=3))
    await receive(chain, site_id, milk, "6", batch_id="first", manufactured_on=made_on)
    found = await became(chain, site_id, by_name, "to name")
    picks = [one["batch_id"] for one in found["refusal"]["proposal"]["picks"]]
    assert (found["status"], picks) == ("backordered", ["first"])
    lines = [{**wanted, "unit": "EA", "amount": "10.00", "batch_id": "first"}]
    body = {"lines_from": found["lines_from"], "lines": lines}
    path = f"/orders/{by_name['order_id']}/change"
    chain.must(await chain.post("sales", path, body))
    await became(chain, site_id, by_name, "reserved")
    agreed = wanted | {"batch_choice": "fefo"}
    as_proposed = chain.must(await order(chain, site_id, agreed, shortage="backorder"))
    assert (as_proposed["status"], as_proposed["total"]) == ("reserved", "5")
    rest = {"order_id": as_proposed["back_order_id"]}
    await receive(chain, site_id, milk, "1", batch_id="second", manufactured_on=made_on)
    today = str(now().date())
    await receive(chain, site_id, milk, "5", batch_id="third", manufactured_on=today)
    filled = await became(chain, site_id, rest, "reserved")
    assert [(one["batch_id"], one["quantity"], one["amount"]) for one in filled["lines"]] == [
        ("second", "1", "2.5"),
        ("third", "1", "2.5"),
    ]
    for one in (by_name, as_proposed, filled):
        await ship(chain, one)
    await chain.assert_books_agree(site_id)


async def test_who_names_no_batch_keeps_nobody_waiting_where_there_is_enough_for_all(
    chain: Any,
) -> None:
    """B2, B5: what the first one wants stays there for it."""
    site_id = await chain.make_site()
    milk = await define(chain, tracking="batch", shelf_life_days=30)
    wanted = {"item_id": milk, "quantity": "4"}
    first = chain.must(await order(chain, site_id, wanted, shortage="backorder"))
    agreed = wanted | {"batch_choice": "fefo"}
    second, third = [
        chain.must(await order(chain, site_id, agreed, shortage="backorder")) for _ in range(2)
    ]
    await receive(chain, site_id, milk, "10", batch_id="first", manufactured_on=str(now().date()))
    found = await became(chain, site_id, first, "to name")
    await became(chain, site_id, second, "reserved")
    lines = [{**wanted, "unit": "EA", "amount": "10.00", "batch_id": "first"}]
    body = {"lines_from": found["lines_from"], "lines": lines}
    chain.must(await chain.post("sales", f"/orders/{first['order_id']}/change", body))
    await became(chain, site_id, first, "reserved")
    assert (await chain.settled(third["order_id"]))["status"] == "backordered"
    assert (await chain.stock(site_id, milk))["available"] == "2"
    await chain.assert_books_agree(site_id)


async def test_a_pick_names_its_batch_and_another_one_is_not_what_is_held(chain: Any) -> None:
    """B5."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    placed = chain.must(
        await order(chain, site_id, {"item_id": milk, "quantity": "2", "batch_id": "older"})
    )
    path = f"/orders/{placed['order_id']}"
    chain.must(await chain.post("sales", f"{path}/pay", {"amount": placed["total"]}))

    async def pick(batch_id: str) -> Any:
        line = {"line_no": 1, "quantity": "2", "batch_id": batch_id}
        return await chain.post("sales", f"{path}/picks", {"lines": [line]})

    other = await pick("young")
    assert (other.status_code, other.json()["code"]) == (422, "other_batch_picked")
    assert other.json()["batch_held"] == "older"
    picked = chain.must(await pick("older"))
    assert [one["batch_id"] for one in picked["lines"]] == ["older"]
    shipment = chain.must(await chain.post("sales", f"/picks/{picked['pick_id']}/ship"))
    assert [one["batch_id"] for one in shipment["lines"]] == ["older"]
    await chain.assert_books_agree(site_id)


async def test_another_batch_in_hand_is_held_instead_picked_and_shipped_after_payment(
    chain: Any,
) -> None:
    """B5, B2: the dozen that was ordered; what may not be sold is refused, and all stays."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    made_on = str(now().date() - timedelta(days=31))
    await receive(chain, site_id, milk, "30", batch_id="past", manufactured_on=made_on)
    case = {"item_id": milk, "unit": "case", "batch_id": "older"}
    placed = chain.must(await order(chain, site_id, case))
    path = f"/orders/{placed['order_id']}"
    chain.must(await chain.post("sales", f"{path}/pay", {"amount": placed["total"]}))

    async def pick(quantity: str, batch_id: str) -> Any:
        line = {"line_no": 1, "quantity": quantity, "batch_id": batch_id}
        body = {"lines": [line], "exchange": True}
        return await chain.insist("sales", f"{path}/picks", body)

    refused = await pick("12", "past")
    assert (refused.status_code, refused.json()["code"]) == (422, "batch_expired")
    assert (await chain.settled(placed["order_id"]))["reservation_id"] == placed["reservation_id"]
    picked = chain.must(await pick("5", "young"))
    assert [(one["batch_id"], one["quantity"]) for one in picked["lines"]] == [("young", "5")]
    found = await chain.settled(placed["order_id"])
    held = chain.must(await chain.get("inventory", f"/reservations/{found['reservation_id']}"))
    assert held["status"] == "confirmed"
    assert [(one["batch_id"], one["quantity"]) for one in held["lines"]] == [
        ("older", "7"),
        ("young", "5"),
    ]
    chain.must(await chain.post("sales", f"/picks/{picked['pick_id']}/ship"))
    chain.must(await chain.post("sales", f"{path}/ship"))
    await chain.drain()
    await chain.assert_books_agree(site_id)
    page = await chain.get("inventory", "/stock", site_id=site_id, item_id=milk)
    there = {one["batch_id"]: one["on_hand"] for one in chain.must(page)["items"]}
    assert there == {"older": "23", "past": "30", "young": "25"}
    assert await refunds(chain, placed["order_id"]) == []


async def test_a_gift_is_reserved_and_shipped_as_all_is_and_stays_out_of_margins(
    chain: Any,
) -> None:
    """C3: what is not for sale is given away, and never has a price."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    mug = await define(chain, for_sale=False)
    await chain.stock_up(site_id, {tea: ("5", "2.00")})
    await receive(chain, site_id, mug, "3")
    gift = {"item_id": mug, "gift": True, "amount": None}
    priced = await order(chain, site_id, gift | {"amount": "1"})
    assert (priced.status_code, priced.json()["code"]) == (422, "gift_with_price")
    placed = chain.must(await order(chain, site_id, {"item_id": tea}, gift))
    assert placed["total"] == "10"
    left = [(one["item_id"], one["amount"]) for one in await ship(chain, placed)]
    assert left == [(tea, "10"), (mug, "0")]
    await chain.assert_books_agree(site_id)
    assert (await chain.stock(site_id, mug))["on_hand"] == "2"

    async def costed() -> list[Json] | None:
        free = await chain.get("sales", "/reports/margins/free-lines", site_id=site_id)
        earned = await chain.get("sales", "/reports/margins", site_id=site_id)
        sums = [(one["cost"], one["free_cost"]) for one in chain.must(earned)["items"]]
        return chain.must(free)["items"] if sums == [("2", "2")] else None

    (given,) = await chain.eventually(costed, "costing to say what the order cost")
    assert given["item_id"] == mug


async def test_a_till_sells_a_batch_a_serial_number_a_kit_and_a_case_in_one_basket(
    chain: Any,
) -> None:
    """B1, B4, B5, B6."""
    site_id = await chain.make_site()
    milk, kit = await dated_milk(chain, site_id), await define(chain)
    (cup,) = await chain.make_items(1)
    parts = {"components": [{"item_id": cup, "quantity": "2"}]}
    chain.must(await chain.post("inventory", f"/items/{kit}/kit", parts))
    await chain.stock_up(site_id, {cup: ("5", "1")})
    phone = await define(chain, tracking="serial")
    await receive(chain, site_id, phone, "2", serials=["T1", "T2"])
    basket = {
        "customer_id": await chain.make_customer(),
        "site_id": site_id,
        "warehouse_id": "floor",
        "device": "till-1",
        "currency": "USD",
    }

    async def sell(*lines: Json) -> Any:
        filled = [{"quantity": "1", "unit": "EA", "amount": "3.00", **one} for one in lines]
        return await chain.post("sales", "/counter-sales", {**basket, "lines": filled})

    unnamed = await sell({"item_id": milk})
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "batch_missing")
    case = {"item_id": milk, "unit": "case", "batch_id": "older"}
    sold = chain.must(await sell(case, {"item_id": kit}, {"item_id": phone, "serials": ["T1"]}))
    assert (sold["status"], sold["total"]) == ("sold", "9")
    again = await sell({"item_id": phone, "serials": ["T1"]})
    assert again.status_code == 409
    await chain.assert_books_agree(site_id)
    # Of milk the batch that expires first.
    on_hand = {item: (await chain.stock(site_id, item))["on_hand"] for item in (milk, cup, phone)}
    assert on_hand == {milk: "18", cup: "3", phone: "1"}


async def test_a_batch_that_may_not_be_sold_any_more_when_it_is_to_leave_stays(chain: Any) -> None:
    """B5: it was paid for in time; what else was ordered leaves, and the rest is paid back."""
    site_id = await chain.make_site()
    milk = await dated_milk(chain, site_id)
    lines = [{"item_id": milk, "batch_id": batch_id} for batch_id in ("older", "young")]
    placed = chain.must(await order(chain, site_id, *lines))
    # From now on milk is sold until 25 days before it expires: the older batch has 20 left.
    item = {"item_id": milk, "name": milk, "base_unit": "EA", "scale": 0, "tracking": "batch"}
    item |= {"shelf_life_days": 30, "no_sale_days": 25}
    chain.must(await chain.post("inventory", "/items/import", {"items": [item]}))
    path = f"/orders/{placed['order_id']}"
    chain.must(await chain.post("sales", f"{path}/pay", {"amount": placed["total"]}))
    for step in ("ship", "picks"):
        refused = await chain.post("sales", f"{path}/{step}")
        assert (refused.status_code, refused.json()["code"]) == (422, "batch_in_no_sale_window")
        assert (refused.json()["line_no"], refused.json()["batch_id"]) == (1, "older")
    body = {"lines": [{"line_no": 2, "quantity": "1"}]}
    chain.must(await chain.post("sales", f"{path}/ship", body))
    await chain.drain()
    chain.must(await chain.post("sales", f"{path}/cancel-rest"))
    ended = await chain.settled(placed["order_id"])
    assert ended["status"] == "shipped"
    assert await refunds(chain, placed["order_id"]) == ["10"]
    await chain.assert_books_agree(site_id)
