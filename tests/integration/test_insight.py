"""Looking into the books over HTTP: traces, differences, what is unfinished, and any moment."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from devstack.blueprint import Blueprint
from servicekit.clock import now


async def document(chain: Any, kind: str, site_id: str, item: str, **more: Any) -> Any:
    """Draft a document of one unit of an item."""
    line = {"item_id": item, "quantity": "1", "unit": "EA"} | more.pop("line", {})
    body = {"kind": kind, "site_id": site_id, "warehouse_id": "floor", "lines": [line], **more}
    return chain.must(await chain.post("inventory", "/documents", body))


async def finished(chain: Any, draft: Any) -> Any:
    """Audit and post a draft."""
    place = f"/documents/{draft['document_id']}"
    chain.must(await chain.post("inventory", f"{place}/audit"))
    return chain.must(await chain.post("inventory", f"{place}/post"))


async def transferred(chain: Any, here: str, there: str, item: str) -> tuple[Any, Any]:
    """Send a unit to another site, where it arrives."""
    target = {"to_site_id": there, "to_warehouse_id": "floor"}
    dispatch = await finished(
        chain, await document(chain, "transfer_dispatch", here, item, **target)
    )
    path = f"/transfers/{dispatch['document_id']}/arrivals"
    arrival = await finished(chain, chain.must(await chain.post("inventory", path, {})))
    return dispatch, arrival


async def traced(chain: Any, **asked: Any) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Return site and kind of each entry of a trace, and its documents by id."""
    page = chain.must(await chain.get("inventory", "/trace", **asked))
    entries = [(one["site_id"], one["kind"]) for one in page["items"]]
    return entries, {one["document_id"]: one for one in page["documents"]}


async def test_goods_are_traced_from_the_supplier_to_the_customer_and_back(chain: Any) -> None:
    """A8: across a transfer and a sale, with the people, documents and the order behind them."""
    here, there = await chain.make_site(), await chain.make_site()
    (item,) = await chain.make_items(1)
    receipt = await chain.stock_up(here, {item: ("5", "2")})
    dispatch, arrival = await transferred(chain, here, there, item)
    customer = await chain.make_customer()
    assert (
        await chain.sell(
            chain.order_body(customer, there, {item: ("1", "3.00")}), f"{chain.tag}-trace"
        )
        == "shipped"
    )

    async def sold() -> Any:
        entries, documents = await traced(chain, item_id=item, site_id=there)
        return documents if (there, "shipment") in entries else None

    documents = await chain.eventually(sold, "the shipment to be booked")
    (shipped,) = (one for one in documents.values() if one["kind"] == "shipment")
    assert shipped["order_id"] is not None
    assert documents[arrival["document_id"]]["dispatch_id"] == dispatch["document_id"]
    forward, _ = await traced(chain, document_id=receipt["receipt_id"])
    # Streams come in the order of their sites, which are named at random.
    chain_of_goods = {
        (here, "receipt"),
        (here, "dispatch"),
        (there, "arrival"),
        (there, "shipment"),
    }
    assert (set(forward), len(forward)) == (chain_of_goods, 4)
    asked = {"document_id": shipped["document_id"], "direction": "backward"}
    backward, told = await traced(chain, **asked)
    assert (set(backward), len(backward)) == (chain_of_goods, 4)
    assert told[dispatch["document_id"]]["posted_by"] == "tester"


async def test_shipments_counter_sales_and_returns_are_traced_to_their_devices(chain: Any) -> None:
    """A8: with which device goods left and came back; one that is not the site's is refused."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("9", "2")})
    gun = {"device_id": f"gun-{chain.tag}", "name": "Gun", "kind": "scanner"}
    chain.must(await chain.post("inventory", f"/sites/{site_id}/devices", gun))
    ship = f"/orders/{await paid_order(chain, site_id, item)}/ship"
    unknown = await chain.post("sales", ship, device=f"lost-{chain.tag}")
    assert (unknown.status_code, unknown.json()["code"]) == (403, "unknown_device")

    async def shipped() -> Any:
        answer = await chain.post("sales", ship, device=gun["device_id"])
        return None if answer.json().get("code") == "unknown_device" else chain.must(answer)

    shipment = await chain.eventually(shipped, "sales to know the scanner")
    body = {
        "shipment_id": shipment["shipment_id"],
        "lines": [{"shipment_line_no": 1, "quantity": "1"}],
    }
    back = chain.must(await chain.post("sales", "/returns", body, device=gun["device_id"]))
    for step in ("audit", "post"):
        chain.must(await chain.post("sales", f"/returns/{back['return_id']}/{step}"))
    basket = chain.order_body(await chain.make_customer(), site_id, {item: ("1", "3.00")})
    basket["device"] = till = f"till-{chain.tag}"
    sale = chain.must(await chain.post("sales", "/counter-sales", basket))
    await chain.drain()
    _, documents = await traced(chain, item_id=item, site_id=site_id)
    posted_with = {document_id: one["posted_with"] for document_id, one in documents.items()}
    assert (
        posted_with[shipment["shipment_id"]] == posted_with[back["return_id"]] == f"gun-{chain.tag}"
    )
    assert posted_with[sale["shipment_id"]] == till


PEOPLE = {"carrier": ["clerk"], "keeper": ["shop_manager"]}


async def registered(chain: Any, site_id: str) -> str:
    """Return a scanner that is registered at a site."""
    gun = {"device_id": f"gun-{uuid4().hex[:8]}", "name": "Gun", "kind": "scanner"}
    chain.must(await chain.post("inventory", f"/sites/{site_id}/devices", gun))
    return gun["device_id"]


async def carried(chain: Any, gun: str, path: str, body: Any) -> Any:
    """Let one person draft a document and another audit and post it, with the same device."""
    people = {who: chain.stack.token(who, roles, ["*"], 1) for who, roles in PEOPLE.items()}
    draft = chain.must(
        await chain.post("inventory", path, body, token=people["carrier"], device=gun)
    )
    for step in ("audit", "post"):
        place = f"/documents/{draft['document_id']}/{step}"
        answer = await chain.post("inventory", place, token=people["keeper"], device=gun)
    return chain.must(answer)


class Travelled:
    """Milk of batch L1 and a phone that arrived by a rule, were sent on and taken for use."""

    def __init__(self, chain: Any, milk: str, phone: str) -> None:
        self.chain = chain
        self.milk, self.phone = milk, phone
        self.guns: dict[str, str] = {}

    @property
    def sites(self) -> list[str]:
        """Return where they were, in the order of a trace's streams."""
        return list(self.guns)

    def line(self, item: str, quantity: str) -> dict[str, Any]:
        """Return so much of an item as a line of a document."""
        named = {"batch_id": "L1"} if item == self.milk else {"serials": ["SN-1"]}
        return {"item_id": item, "quantity": quantity, "unit": "EA", **named}

    async def arrive(self, here: str) -> None:
        """Receive both from a supplier with the site's device; a rule sends them to `cold`."""
        warehouse = {"warehouse_id": "cold", "name": "Cold"}
        rule = {"rule_id": "fresh", "priority": 1, "warehouse_id": "cold"}
        for path, body in (
            ("warehouses", warehouse),
            ("arrival-rules", {**rule, "terms": {"category": "fresh"}}),
        ):
            self.chain.must(await self.chain.post("inventory", f"/sites/{here}/{path}", body))
        bought = {"unit": "EA", "unit_cost": "2", "quantity": "2"}
        lines = [{**bought, "item_id": item} for item in (self.milk, self.phone)]
        order = await ordered(self.chain, here, self.milk, "2", lines=lines)
        naming = [{"batch_id": "L1"}, {"serials": ["SN-1", "SN-2"]}]
        counted = [
            {"order_line_no": line_no, "quantity": "2", **named}
            for line_no, named in enumerate(naming, start=1)
        ]
        body = {"order_id": order["order_id"], "lines": counted, "post": True}

        async def received() -> Any:
            answer = await self.chain.post("purchasing", "/receipts", body, device=self.guns[here])
            unknown = answer.json().get("code") == "unknown_device"
            return None if unknown else self.chain.must(answer)

        await self.chain.eventually(received, "purchasing to know the scanner")
        await self.chain.drain()

    async def go_on(self, here: str, there: str) -> None:
        """Send one of each to another site, where they arrive and are taken for use."""
        goods = [self.line(item, "1") for item in (self.milk, self.phone)]
        place = {"site_id": here, "warehouse_id": "cold"}
        target = {"to_site_id": there, "to_warehouse_id": "floor"}
        sent = {"kind": "transfer_dispatch", **place, **target, "lines": goods}
        dispatch = await carried(self.chain, self.guns[here], "/documents", sent)
        path = f"/transfers/{dispatch['document_id']}/arrivals"
        came = [{"dispatch_line_no": 1, "quantity": "1"}, {"dispatch_line_no": 2, "quantity": "1"}]
        came[1] |= {"serials": ["SN-1"]}
        await carried(self.chain, self.guns[there], path, {"lines": came})
        used = {"kind": "issue", "site_id": there, "warehouse_id": "floor", "lines": goods}
        await carried(self.chain, self.guns[there], "/documents", used)


async def travelled(chain: Any) -> Travelled:
    """Return goods that have come all the way."""
    (milk,) = await chain.make_items(1, tracking="batch", category="fresh")
    (phone,) = await chain.make_items(1, tracking="serial", category="fresh")
    (known,) = await chain.make_items(1)
    goods = Travelled(chain, milk, phone)
    for name in ("a", "b"):
        site_id = await chain.make_site(name)
        goods.guns[site_id] = await registered(chain, site_id)
    here, there = goods.sites
    await chain.stock_up(here, {known: ("1", "1")})
    await goods.arrive(here)
    other = {"batch_id": "L2", "quantity": "4"}
    chain.must(await chain.post("inventory", f"/items/{milk}/batches", {"batch_id": "L2"}))
    await finished(chain, await document(chain, "receipt", here, milk, line=other))
    await goods.go_on(here, there)
    return goods


async def test_batches_units_and_warehouses_are_traced_both_ways_with_who_device_and_rule(
    chain: Any,
) -> None:
    """A8: of a batch, of a single unit and of all that was in a warehouse."""
    began = now()
    goods = await travelled(chain)
    here, there = goods.sites
    way = [(here, "receipt"), (here, "dispatch"), (there, "arrival"), (there, "issue")]
    in_warehouse = {"site_id": there, "warehouse_id": "floor"}
    for asked, expected in (
        ({"item_id": goods.milk, "batch_id": "L1"}, way),
        ({"item_id": goods.phone, "serial_no": "SN-1"}, way),
        ({"item_id": goods.phone, "serial_no": "SN-2"}, way[:1]),
        (in_warehouse, way[2:] * 2),
    ):
        forward, _ = await traced(chain, **asked)
        backward, _ = await traced(chain, **asked, direction="backward")
        assert (forward, backward) == (expected, expected[::-1])
    page = chain.must(await chain.get("inventory", "/trace", item_id=goods.milk, batch_id="L1"))
    told = [(one["user_id"], one["device_id"], one["rule"]) for one in page["items"]]
    gun_here, gun_there = goods.guns.values()
    assert told == [
        ("tester", gun_here, "arrival:fresh@1"),
        ("keeper", gun_here, None),
        ("keeper", gun_there, None),
        ("keeper", gun_there, None),
    ]
    times = [datetime.fromisoformat(one["posted_at"]) for one in page["items"]]
    assert began < times[0]
    assert times == sorted(times)
    assert times[-1] < now()
    documents = {one["document_id"]: one for one in page["documents"]}
    drafted = [documents[one["document_id"]] for one in page["items"][1:]]
    assert {(one["drafted_by"], one["audited_by"]) for one in drafted} == {("carrier", "keeper")}


async def test_a_site_reports_its_differences_values_and_open_steps(chain: Any) -> None:
    """A9: ledger, balance, last count and value per item, the rate, and what is not closed."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("5", "2.50")})
    await document(chain, "issue", site_id, item, reason="tasting")
    paid = await paid_order(chain, site_id, item)
    await chain.drain()
    page = chain.must(await chain.get("inventory", "/reports/differences", site_id=site_id))
    (row,) = page["items"]
    assert page["costing"] == "said"
    assert (row["ledger"], row["balance"], row["rate"], row["differences"]) == ("5", "5", "0", {})
    costed = row["costing"]
    assert (costed["quantity"], costed["value"], costed["behind"]) == ("5", "12.5", False)
    steps = {(one["kind"], one["waits_for"], one["id"], one["quantity"]) for one in row["steps"]}
    draft = next(one["id"] for one in row["steps"] if one["kind"] == "issue")
    assert steps == {("issue", "audit", draft, "1"), ("sales_order", "shipment", paid, "2")}
    summary = chain.must(
        await chain.get("inventory", "/reports/differences/summary", site_id=site_id)
    )
    assert (summary["items"], summary["differing"], summary["rate"]) == (1, 0, "0")


async def test_adjustments_transfers_and_inspections_are_open_steps_until_they_are_closed(
    chain: Any,
) -> None:
    """A9: each says what it waits for, a transfer at both of its ends."""
    here, there = await chain.make_site(), await chain.make_site()
    (item,) = await chain.make_items(1)
    for site_id in (here, there):
        await chain.stock_up(site_id, {item: ("9", "2")})
    down = {"line": {"source_status": "available"}, "source_document": "slip 7"}
    adjustment = await document(chain, "adjustment", here, item, **down)
    keeper = chain.stack.token("keeper", ["shop_manager"], ["*"], 1)
    for step, waits_for in (("audit", "approval"), ("approve", "posting"), ("post", None)):
        path = f"/documents/{adjustment['document_id']}/{step}"
        chain.must(await chain.post("inventory", path, token=keeper))
        expected = {("adjustment", "1", waits_for)} if waits_for else set()
        assert await open_steps(chain, here) == expected
    target = {"to_site_id": there, "to_warehouse_id": "floor"}
    sent = await finished(chain, await document(chain, "transfer_dispatch", here, item, **target))
    held = {"quantity": "3", "target_status": "in_inspection"}
    await finished(chain, await document(chain, "receipt", there, item, line=held))
    transfer, inspection = (
        ("transfer_dispatch", "1", "arrival"),
        ("in_inspection", "3", "inspection"),
    )
    assert await open_steps(chain, here) == {transfer}
    assert await open_steps(chain, there) == {transfer, inspection}
    arrivals = f"/transfers/{sent['document_id']}/arrivals"
    await finished(chain, chain.must(await chain.post("inventory", arrivals, {})))
    place = {"site_id": there, "warehouse_id": "floor", "item_id": item}
    released = {**place, "parts": [{"decision": "release", "quantity": "3"}]}
    chain.must(await chain.post("inventory", "/inspections", released))
    assert await open_steps(chain, here) == await open_steps(chain, there) == set()


async def open_steps(chain: Any, site_id: str) -> set[tuple[str, str, str]]:
    """Return kind, quantity and what is missing of each open step of a site's only item."""
    page = chain.must(await chain.get("inventory", "/reports/differences", site_id=site_id))
    (row,) = page["items"]
    return {(one["kind"], one["quantity"], one["waits_for"]) for one in row["steps"]}


async def test_what_was_counted_at_the_door_is_an_open_step_until_it_is_booked(chain: Any) -> None:
    """A9: unposted receipts of purchasing, beside the items they are of."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("5", "2.50")})
    receipts = [await counted(chain, site_id, item, quantity) for quantity in ("3", "4")]
    given_up, posted = (f"/receipts/{one['receipt_id']}" for one in receipts)
    numbers = [one["number"] for one in receipts]
    both = {(numbers[0], "3", "audit"), (numbers[1], "4", "audit")}
    await open_receipts(chain, site_id, both)
    chain.must(await chain.post("purchasing", f"{given_up}/cancel"))
    chain.must(await chain.post("purchasing", f"{posted}/audit"))
    await open_receipts(chain, site_id, {(numbers[1], "4", "posting")})
    chain.must(await chain.post("purchasing", f"{posted}/post"))
    row = await open_receipts(chain, site_id, set())
    assert (row["ledger"], row["balance"]) == ("9", "9")


async def test_a_scan_at_the_wrong_warehouse_is_an_open_step_until_it_is_settled(
    chain: Any,
) -> None:
    """A9: beside each item of the document that was scanned, with the goods it is of."""
    site_id, items = await chain.make_site(), await chain.make_items(2)
    await chain.stock_up(site_id, dict.fromkeys(items, ("5", "2.50")))
    for path, body in (
        ("warehouses", {"warehouse_id": "back", "name": "Back"}),
        ("devices", {"device_id": "gun", "name": "Gun", "kind": "scanner"}),
        ("warehouses/back/workers", {"user_id": "tester"}),
    ):
        chain.must(await chain.insist("inventory", f"/sites/{site_id}/{path}", body))
    drafts = [await document(chain, "issue", site_id, item, reason="tasting") for item in items]
    ids = await scanned_astray(chain, {"site_id": site_id, "warehouse_id": "back"}, drafts)
    expected = {item: [(of, "1")] for item, of in zip(items, ids, strict=True)}
    assert await unsettled(chain, site_id) == expected
    settle = f"/sites/{site_id}/wrong-warehouse-scans/{ids[0]}/settle"
    settled = await chain.post("inventory", settle, {"how": "carried back"})
    assert settled.status_code == 204, settled.text
    assert await unsettled(chain, site_id) == expected | {items[0]: []}


async def scanned_astray(chain: Any, door: Any, documents: Any) -> list[str]:
    """Scan documents at a warehouse that they don't belong to; return the ids of the scans."""
    opened = chain.must(await chain.post("inventory", "/scan-sessions", door, device="gun"))
    scans = [
        {
            "scan_id": str(uuid4()),
            "code": f"urn:trueshelf:document:{one['document_id']}",
            "scanned_at": now().isoformat(),
        }
        for one in documents
    ]
    path = f"/scan-sessions/{opened['session_id']}/scans"
    answer = await chain.post("inventory", path, {"scans": scans}, device="gun")
    refused = [one["refusal"]["code"] for one in chain.must(answer)["scans"]]
    assert refused == ["wrong_warehouse"] * len(scans)
    return [one["scan_id"] for one in scans]


async def unsettled(chain: Any, site_id: str) -> dict[str, list[tuple[str, str]]]:
    """Return scans at the wrong warehouse, and of how much, by the items they stand beside."""
    page = chain.must(await chain.get("inventory", "/reports/differences", site_id=site_id))
    return {
        row["item_id"]: [
            (one["id"], one["quantity"]) for one in row["steps"] if one["waits_for"] == "settlement"
        ]
        for row in page["items"]
    }


async def ordered(chain: Any, site_id: str, item: str, quantity: str, **how: Any) -> Any:
    """Return a purchase order of an item."""
    order = {
        "supplier_id": await chain.make_supplier(),
        "site_id": site_id,
        "warehouse_id": "floor",
        "currency": "USD",
        "due_date": "2099-01-01",
        "lines": [{"item_id": item, "quantity": quantity, "unit": "EA", "unit_cost": "2"}],
    }
    return chain.must(await chain.post("purchasing", "/orders", order | how))


async def counted(chain: Any, site_id: str, item: str, quantity: str) -> Any:
    """Return the draft of a receipt of an item."""
    order = await ordered(chain, site_id, item, quantity)
    lines = [{"order_line_no": 1, "quantity": quantity}]
    body = {"order_id": order["order_id"], "lines": lines}
    return chain.must(await chain.post("purchasing", "/receipts", body))


async def open_receipts(chain: Any, site_id: str, expected: set[tuple[str, str, str]]) -> Any:
    """Wait until just these receipts are open steps of a site's only item, and return its row."""

    async def reported() -> Any:
        page = chain.must(await chain.get("inventory", "/reports/differences", site_id=site_id))
        (row,) = page["items"]
        steps = {(one["number"], one["quantity"], one["waits_for"]) for one in row["steps"]}
        return row if steps == expected else None

    return await chain.eventually(reported, f"the open steps to be {expected}")


async def paid_order(chain: Any, site_id: str, item: str) -> str:
    """Return an order of two that is paid, and whose goods nobody has shipped."""
    body = chain.order_body(await chain.make_customer(), site_id, {item: ("2", "9.00")})
    order = chain.must(await chain.insist("sales", "/orders", body))
    path = f"/orders/{order['order_id']}"
    assert (await chain.settled(order["order_id"]))["status"] == "reserved"
    chain.must(await chain.insist("sales", f"{path}/pay", {"amount": order["total"]}))
    assert (await chain.settled(order["order_id"]))["status"] == "paid"
    return str(order["order_id"])


async def test_what_nobody_has_finished_is_collected_by_itself(chain: Any) -> None:
    """I3: unaudited and unposted documents and open transfers, with age and what they wait for."""
    here, there = await chain.make_site(), await chain.make_site()
    (item,) = await chain.make_items(1)
    await chain.stock_up(here, {item: ("5", "2")})
    draft = await document(chain, "issue", here, item, reason="tasting")
    target = {"to_site_id": there, "to_warehouse_id": "floor"}
    await finished(chain, await document(chain, "transfer_dispatch", here, item, **target))
    listed = chain.must(await chain.get("inventory", "/reports/open-documents", site_id=here))
    (waiting,) = listed["items"]
    assert (waiting["id"], waiting["waits_for"]) == (draft["document_id"], "audit")
    assert (waiting["person"], waiting["age_seconds"] < 600) == ("tester", True)
    coming = chain.must(await chain.get("inventory", "/reports/open-documents", site_id=there))
    assert [one["waits_for"] for one in coming["items"]] == ["arrival"]


async def test_unfinished_documents_of_purchasing_and_sales_are_collected_too(chain: Any) -> None:
    """I3: receipts and orders, each with its age and what it waits for, until they are finished."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("5", "2")})
    assert await unfinished(chain, "purchasing", site_id) == []
    order = await ordered(chain, site_id, item, "3", draft=True)
    placed = chain.must(
        await chain.post(
            "sales",
            "/orders",
            chain.order_body(await chain.make_customer(), site_id, {item: ("2", "9.00")}),
        )
    )
    await chain.settled(placed["order_id"])
    assert await unfinished(chain, "purchasing", site_id) == [(order["number"], "submission")]
    assert await unfinished(chain, "sales", site_id) == [(placed["number"], "payment")]
    pay = f"/orders/{placed['order_id']}/pay"
    chain.must(await chain.post("sales", pay, {"amount": "9.00"}))
    await chain.settled(placed["order_id"])
    assert await unfinished(chain, "sales", site_id) == [(placed["number"], "shipment")]
    shipment = chain.must(await chain.post("sales", f"/orders/{placed['order_id']}/ship"))
    assert await unfinished(chain, "sales", site_id) == [(placed["number"], "signature")]
    deliver = f"/shipments/{shipment['shipment_id']}/deliver"
    chain.must(await chain.post("sales", deliver, {"signed_by": "Wang"}))
    assert await unfinished(chain, "sales", site_id) == []


async def unfinished(chain: Any, service: str, site_id: str) -> list[tuple[str, str]]:
    """Return the numbers of a service's open documents and what they wait for."""
    page = chain.must(await chain.get(service, "/reports/open-documents", site_id=site_id))
    assert all(0 <= one["age_seconds"] < 600 for one in page["items"])
    return [(one["number"], one["waits_for"]) for one in page["items"]]


async def test_stock_is_told_as_it_is_and_as_it_was_at_any_moment(chain: Any) -> None:
    """B1: what is available comes from the committed books, and says of which moment it is."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    before = now()
    await chain.stock_up(site_id, {item: ("5", "2")})
    between = now()
    await finished(chain, await document(chain, "issue", site_id, item, reason="tasting"))
    asked = {"site_id": site_id, "item_id": item}
    present = chain.must(await chain.get("inventory", "/stock", **asked))
    (row,) = present["items"]
    assert (row["on_hand"], row["available"]) == ("4", "4")
    assert present["as_of"] >= row["moved_at"]
    for moment, quantity in ((before, "0"), (between, "5"), (now(), "4")):
        page = chain.must(await chain.get("inventory", "/stock", **asked, as_of=moment.isoformat()))
        assert [one["on_hand"] for one in page["items"]] == [quantity]


async def test_goods_in_transit_are_told_as_they_were_at_any_moment(chain: Any) -> None:
    """A4, B3: what was dispatched by then, less what had arrived."""
    here, there = await chain.make_site(), await chain.make_site()
    (item,) = await chain.make_items(1)
    await chain.stock_up(here, {item: ("9", "2")})
    moments = [now()]
    sent = await document(
        chain,
        "transfer_dispatch",
        here,
        item,
        line={"quantity": "5"},
        to_site_id=there,
        to_warehouse_id="floor",
    )
    await finished(chain, sent)
    moments.append(now())
    path = f"/transfers/{sent['document_id']}/arrivals"
    for lines in ([{"dispatch_line_no": 1, "quantity": "2"}], []):
        await finished(chain, chain.must(await chain.post("inventory", path, {"lines": lines})))
        moments.append(now())
    told = []
    for moment in moments:
        asked = {"to_site_id": there, "as_of": moment.isoformat()}
        page = chain.must(await chain.get("inventory", "/transfers/open", **asked))
        told.append([(one["dispatched"], one["outstanding"]) for one in page["items"]])
    assert told == [[], [("5", "5")], [("5", "3")], []]


async def test_stock_is_told_by_its_age_and_moving_it_makes_it_no_younger(chain: Any) -> None:
    """B1: what came first has left first, by the day it came and not that of its booking."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    (milk,) = await chain.make_items(1, category="dairy")
    back = {"warehouse_id": "back", "name": "Back"}
    chain.must(await chain.post("inventory", f"/sites/{site_id}/warehouses", back))
    for item, days, quantity in ((tea, 200, "5"), (tea, 70, "4"), (tea, 0, "3"), (milk, 31, "1")):
        came_at = (now() - timedelta(days=days)).isoformat()
        came = {"line": {"quantity": quantity}, "effective_at": came_at}
        await finished(chain, await document(chain, "receipt", site_id, item, **came))
    await finished(chain, await document(chain, "issue", site_id, tea, line={"quantity": "6"}))
    target = {"to_site_id": site_id, "to_warehouse_id": "back"}
    sent = await finished(chain, await document(chain, "transfer_dispatch", site_id, tea, **target))
    path = f"/transfers/{sent['document_id']}/arrivals"
    await finished(chain, chain.must(await chain.post("inventory", path, {})))
    page = chain.must(await chain.get("inventory", "/reports/ageing", site_id=site_id))
    ages = {one["item_id"]: [age["quantity"] for age in one["ages"]] for one in page["items"]}
    assert ages == {tea: ["3", "0", "3", "0", "0", "0"], milk: ["0", "1", "0", "0", "0", "0"]}
    asked = {"site_id": site_id, "category": "dairy"}
    dairy = chain.must(await chain.get("inventory", "/reports/ageing", **asked))["items"]
    assert [one["item_id"] for one in dairy] == [milk]


async def test_a_command_verifies_the_chains_of_the_whole_ledger(chain: Any) -> None:
    """A3: every entry follows from the one before; the head can be noted down elsewhere."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("5", "2")})
    report = chain.must(
        await chain.get("inventory", "/reports/chain", site_id=site_id, item_id=item)
    )
    assert (report["items"], report["entries"], report["head_sequence"]) == ([], 1, 1)
    plan = Blueprint(chain.stack.state)
    (inventory,) = (one for one in plan.services if one.name == "inventory")
    verified = subprocess.run(  # noqa: ASYNC221 - nothing else is going on here
        [sys.executable, "-m", "inventory", "verify"],
        env={**os.environ, **plan.step_environment(inventory, "api")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert ": 0 broken" in verified.stdout
