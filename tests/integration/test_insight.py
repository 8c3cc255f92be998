"""Looking into the books over HTTP: traces, differences, what is unfinished, and any moment."""

import os
import subprocess
import sys
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
