"""Goods are held back: inspected first, too warm, near their expiry, called back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from contracts.envelope import Event
from contracts.inventory import ConditionRead
from contracts.sales import ShipmentPosted, SoldLine
from servicekit.clock import now

INTERCEPTION_SECONDS = 150
"""The look at expiries comes round once a minute."""


async def test_received_goods_wait_until_an_inspection_lets_them_go(chain: Any) -> None:
    """A5: on hand and not available; then released, frozen and rejected, part by part."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await inspect_on_receipt(chain, site_id)
    receipt = await chain.stock_up(site_id, {item: ("10", "2.00")})
    assert await figures(chain, site_id, item) == {"available": "0", "in_inspection": "10"}
    order = chain.order_body(await chain.make_customer(), site_id, {item: ("1", "3.00")})
    assert await chain.sell(order, f"{chain.tag}-early") == "refused"
    (waiting,) = await listed(chain, "/inspections/open", site_id=site_id)
    assert (waiting["document_number"], waiting["waiting"]) == (receipt["number"], "10")
    place = {"site_id": site_id, "warehouse_id": "floor", "item_id": item}
    parts = [
        {"decision": "release", "quantity": "6"},
        {"decision": "freeze", "quantity": "1", "reason": "label torn"},
        {"decision": "reject", "quantity": "2", "reason": "crushed"},
    ]
    body = {**place, "parts": parts, "sample_size": "3", "findings": "one box was wet"}
    result = chain.must(await chain.insist("inventory", "/inspections", body))
    (left,) = await listed(chain, "/inspections/open", site_id=site_id)
    assert (left["waiting"], left["age_hours"]) == ("1", 0)
    assert await figures(chain, site_id, item) == {
        "available": "6",
        "in_inspection": "1",
        "frozen": "3",
    }
    document = chain.must(await chain.get("inventory", f"/documents/{result['document_id']}"))
    assert (document["kind"], document["status"]) == ("inspection", "posted")
    too_much = {**place, "parts": [{"decision": "release", "quantity": "2"}]}
    refused = await chain.insist("inventory", "/inspections", too_much)
    assert (refused.status_code, refused.json()["code"]) == (409, "more_than_held")
    assert await chain.sell(order, f"{chain.tag}-late") == "shipped"
    await chain.assert_books_agree(site_id)


async def test_an_item_that_is_always_inspected_is_decided_on_in_parts(chain: Any) -> None:
    """A5: where nothing else is inspected; some is released, some frozen, some rejected."""
    site_id, (tea,) = await chain.make_site(), await chain.make_items(1)
    (milk,) = await chain.make_items(1, inspect_on_receipt=True)
    await chain.stock_up(site_id, {tea: ("4", "2"), milk: ("10", "2")})
    assert await figures(chain, site_id, tea) == {"available": "4"}
    assert await figures(chain, site_id, milk) == {"available": "0", "in_inspection": "10"}
    (entry,) = await listed(chain, "/ledger", site_id=site_id, item_id=milk)
    assert entry["rule"] == f"inspect_on_receipt:item:{milk}"
    order = chain.order_body(await chain.make_customer(), site_id, {milk: ("6", "9.00")})
    assert await chain.sell(order, f"{chain.tag}-uninspected") == "refused"
    left = [
        ("release", "5", {"available": "5", "in_inspection": "5"}),
        ("freeze", "3", {"available": "5", "in_inspection": "2", "frozen": "3"}),
        ("reject", "2", {"available": "5", "frozen": "5"}),
    ]
    for decision, quantity, expected in left:
        part = {"decision": decision, "quantity": quantity, "reason": "as found"}
        body = {"site_id": site_id, "warehouse_id": "floor", "item_id": milk, "parts": [part]}
        chain.must(await chain.insist("inventory", "/inspections", body))
        assert await figures(chain, site_id, milk) == expected
    assert await listed(chain, "/inspections/open", site_id=site_id) == []
    assert await chain.sell(order, f"{chain.tag}-too-much") == "refused"
    await release_frozen(chain, site_id, milk, "1")
    assert await chain.sell(order, f"{chain.tag}-released") == "shipped"
    await chain.assert_books_agree(site_id)


async def test_a_breach_of_the_cold_chain_freezes_the_warehouse_and_warns_once(chain: Any) -> None:
    """H2: readings come over Kafka, some late, some twice, one of them no reading at all."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("10", "2.00")})
    path = f"/sites/{site_id}/warehouses/floor/condition-limits"
    limits = {"highest_temperature": "-15", "temperature_hysteresis": "1", "tolerated_minutes": 10}
    chain.must(await chain.insist("inventory", path, limits))
    start = now() - timedelta(hours=2)
    warm = [reading(site_id, start + timedelta(minutes=5 * step), "-8.5") for step in range(5)]
    early = reading(site_id, start - timedelta(hours=1), "4")
    names = [str(uuid4()) for _ in range(6)]
    await publish(chain, [*warm, early], names)
    await publish(chain, warm, names[:5], again=True)
    frozen = {"available": "0", "frozen": "10"}
    await until(chain, lambda: figures(chain, site_id, item), frozen, "the goods to be frozen")
    assert await shown(chain, site_id) == [("cold_chain_breach", "critical")]
    order = chain.order_body(await chain.make_customer(), site_id, {item: ("1", "3.00")})
    assert await chain.sell(order, f"{chain.tag}-warm") == "refused"
    await publish(chain, [reading(site_id, start + timedelta(minutes=40), "-18")], [str(uuid4())])
    kinds = ["cold_chain_breached", "cold_chain_restored"]
    key = f"{site_id}:floor"
    await until(chain, lambda: warnings(chain, key), kinds, "the warehouse to be cold again")
    (breach,) = await listed(chain, "/breaches", site_id=site_id)
    assert breach["outside_since"] == warm[0].at.isoformat().replace("+00:00", "Z")
    assert (len(breach["document_ids"]), await shown(chain, site_id)) == (1, [])
    assert await figures(chain, site_id, item) == frozen
    kept = await listed(chain, "/conditions", site_id=site_id, warehouse_id="floor")
    assert [one["temperature"] for one in kept] == ["4", *["-8.5"] * 5, "-18"]
    await release_frozen(chain, site_id, item, "10")
    assert await chain.sell(order, f"{chain.tag}-cold") == "shipped"
    await chain.assert_books_agree(site_id)


async def test_what_comes_in_while_a_breach_lasts_is_frozen_too(chain: Any) -> None:
    """H2: soon after it is received, and no document sets it free while the breach lasts."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    path = f"/sites/{site_id}/warehouses/floor/condition-limits"
    limits = {"highest_temperature": "-15", "tolerated_minutes": 10}
    chain.must(await chain.insist("inventory", path, limits))
    start = now() - timedelta(hours=2)
    warm = [reading(site_id, start + timedelta(minutes=20 * step), "-8.5") for step in range(2)]
    await publish(chain, warm, [str(uuid4()) for _ in warm])
    key = f"{site_id}:floor"
    await until(chain, lambda: warnings(chain, key), ["cold_chain_breached"], "the warning")
    await chain.stock_up(site_id, {item: ("4", "2.00")})
    frozen = {"available": "0", "frozen": "4"}
    await until(chain, lambda: figures(chain, site_id, item), frozen, "the goods to be frozen")
    (breach,) = await listed(chain, "/breaches", site_id=site_id)
    assert (len(breach["document_ids"]), breach["restored_at"]) == (1, None)
    line = {"item_id": item, "quantity": "4", "unit": "EA"}
    place = {"site_id": site_id, "warehouse_id": "floor"}
    unfreeze = {"kind": "unfreeze", **place, "reason": "still cold", "lines": [line]}
    drafted = chain.must(await chain.post("inventory", "/documents", unfreeze))
    path = f"/documents/{drafted['document_id']}"
    chain.must(await chain.post("inventory", f"{path}/audit"))
    refused = await chain.post("inventory", f"{path}/post")
    assert (refused.status_code, refused.json()["code"]) == (409, "breach_lasts")
    await chain.assert_books_agree(site_id)


async def shown(chain: Any, site_id: str) -> list[tuple[str, str]]:
    """Return what people of the site are warned of."""
    return [
        (one["cause"], one["severity"]) for one in await listed(chain, "/warnings", site_id=site_id)
    ]


async def release_frozen(chain: Any, site_id: str, item: str, quantity: str) -> None:
    release = {"decision": "release", "quantity": quantity, "reason": "core still frozen"}
    place = {"site_id": site_id, "warehouse_id": "floor", "item_id": item}
    body = {**place, "source": "frozen", "parts": [release]}
    chain.must(await chain.insist("inventory", "/inspections", body))


async def test_of_a_sensor_that_falls_silent_people_are_warned(chain: Any) -> None:
    """H2: a minute after it was heard last, where so much is allowed, and until it is again."""
    site_id = await chain.make_site()
    path = f"/sites/{site_id}/warehouses/floor/condition-limits"
    limits = {"highest_temperature": "-15", "tolerated_minutes": 10, "silent_after_minutes": 1}
    chain.must(await chain.insist("inventory", path, limits))
    await publish(chain, [reading(site_id, now(), "-18")], [str(uuid4())])
    key = f"{site_id}:floor"
    silent = ["sensor_fell_silent"]
    await until(chain, lambda: warnings(chain, key), silent, "the warning", INTERCEPTION_SECONDS)
    (sensor,) = await listed(chain, "/sensors", site_id=site_id, silent=True)
    assert (sensor["device_id"], sensor["breach_id"]) == ("probe-1", None)
    assert await shown(chain, site_id) == [("sensor_silent", "warning")]
    await publish(chain, [reading(site_id, now(), "-18")], [str(uuid4())])
    heard = [*silent, "sensor_heard_again"]
    await until(chain, lambda: warnings(chain, key), heard, "the sensor to be heard again")


async def test_what_is_no_reading_waits_for_an_operator(chain: Any) -> None:
    """H2: and holds up no other device."""
    site_id = await chain.make_site()
    one = reading(site_id, now(), "-18")
    text = one.model_dump_json().replace('"-18"', '"cold"')
    await send(chain, [(one, str(uuid4()), text)])

    async def parked() -> list[Any]:
        rows = await listed(chain, "/ops/parked")
        return [row for row in rows if row["key"] == one.key]

    other = reading(site_id, now(), "-18").model_copy(update={"device_id": "probe-2"})
    await publish(chain, [other], [str(uuid4())])
    (message,) = await chain.eventually(parked, "the malformed reading to be parked")
    assert "temperature_celsius" in message["error"]
    answer = await chain.post("inventory", f"/ops/parked/{message['number']}/discard")
    chain.must(answer)


async def test_a_recall_freezes_a_batch_everywhere_and_follows_what_was_sold(chain: Any) -> None:
    """H3: one order, two sites, a promise let go of, a delivery that came back in part."""
    north, south = await chain.make_site("north"), await chain.make_site("south")
    item = await make_batch_item(chain, "L1", "L2")
    await bring_in(chain, north, item, {"L1": "10", "L2": "5"})
    await bring_in(chain, south, item, {"L1": "4"})
    sold = await reserve(chain, north, item, "L1", "3")
    chain.must(await chain.insist("inventory", f"/reservations/{sold['reservation_id']}/confirm"))
    shipped = shipment(sold)
    chain.foreign[ShipmentPosted] += 1
    await send(chain, [(shipped, str(uuid4()), shipped.model_dump_json())])
    left = {"available": "7"}
    await until(
        chain, lambda: figures(chain, north, item, batch_id="L1"), left, "the shipment to be booked"
    )
    promised = await reserve(chain, north, item, "L1", "2")
    recall = chain.must(await chain.insist("inventory", "/recalls", recall_of(item, "L1")))
    path = f"/recalls/{recall['recall_id']}"
    where = await listed(chain, f"{path}/stock")
    held = {(one["site_id"], one["available"], one["frozen"]) for one in where}
    assert held == {(north, "0", "7"), (south, "0", "4")}
    assert await figures(chain, north, item, batch_id="L2") == {"available": "5"}
    (released,) = await listed(chain, f"{path}/reservations")
    assert released["order_id"] == promised["order_id"]
    refused = await chain.insist("inventory", "/reservations", wanted(south, item, "L1", "1"))
    assert refused.json()["code"] == "batch_blocked"
    assert refused.json()["recall"] == recall["number"]
    await bring_in(chain, south, item, {"L1": "6"})
    frozen = {"available": "0", "frozen": "10"}
    await until(
        chain, lambda: figures(chain, south, item, batch_id="L1"), frozen, "arrivals to be frozen"
    )
    await follow_to_its_end(chain, path, sold)
    for site_id in (north, south):
        await chain.assert_books_agree(site_id)


async def follow_to_its_end(chain: Any, path: str, sold: Any) -> None:
    """Let two of three units come back, give the third up, and close the recall."""
    (delivery,) = await listed(chain, f"{path}/deliveries")
    assert (delivery["order_id"], delivery["quantity"]) == (sold["order_id"], "3")
    for fate, quantity in (("recovered", "2"), ("written_off", "1")):
        told = {"site_id": sold["site_id"], "sequence": delivery["sequence"], "fate": fate}
        body = {**told, "quantity": quantity}
        chain.must(await chain.insist("inventory", f"{path}/returns", body))
    closed = chain.must(await chain.insist("inventory", f"{path}/close", {"outcome": "completed"}))
    assert [closed[name] for name in ("shipped", "recovered", "outstanding")] == ["3", "2", "0"]
    assert closed["recovered_percent"] == "66.7"


async def test_batches_near_their_expiry_are_pointed_out_and_then_frozen(chain: Any) -> None:
    """H3: each site's own day decides; what is past it is promised to nobody."""
    site_id = await chain.make_site()
    today = (now() + timedelta(hours=8)).date()
    days = {"NEAR": 5, "PAST": -2, "FAR": 90}
    item = await make_batch_item(
        chain, **{batch: str(today + timedelta(days=left)) for batch, left in days.items()}
    )
    await bring_in(chain, site_id, item, dict.fromkeys(days, "5"))
    key = f"{site_id}:{item}"
    kinds = ["batch_expired", "batch_expiring"]

    async def told() -> list[str]:
        return sorted(await warnings(chain, key))

    await until(chain, told, kinds, "the expiries to be told", INTERCEPTION_SECONDS)
    frozen = {"available": "0", "frozen": "5"}
    await until(
        chain, lambda: figures(chain, site_id, item, batch_id="PAST"), frozen, "it to be frozen"
    )
    listing = await listed(chain, "/batches/expiring", site_id=site_id, within_days=30)
    assert [(one["batch_id"], one["days_left"]) for one in listing] == [("NEAR", 5), ("PAST", -2)]
    refused = await chain.insist("inventory", "/reservations", wanted(site_id, item, "PAST", "1"))
    assert refused.json()["code"] == "batch_expired"
    await chain.assert_books_agree(site_id)


async def test_what_was_near_its_expiry_is_told_of_any_past_moment(chain: Any) -> None:
    """H3: from the ledger, as of then; what was available then is not known any more."""
    site_id = await chain.make_site()
    expires_on = (now() + timedelta(hours=8)).date() + timedelta(days=5)
    item = await make_batch_item(chain, NEAR=str(expires_on))
    before = now()
    await bring_in(chain, site_id, item, {"NEAR": "5"})
    between = now()
    line = {"item_id": item, "batch_id": "NEAR", "quantity": "5", "unit": "EA"}
    place = {"kind": "issue", "site_id": site_id, "warehouse_id": "floor"}
    draft = chain.must(await chain.insist("inventory", "/documents", {**place, "lines": [line]}))
    for step in ("audit", "post"):
        path = f"/documents/{draft['document_id']}/{step}"
        chain.must(await chain.insist("inventory", path))
    for moment, expected in ((before, []), (between, [("NEAR", 5, "5", None)]), (now(), [])):
        asked = {"site_id": site_id, "as_of": moment.isoformat()}
        page = chain.must(await chain.get("inventory", "/batches/expiring", **asked))
        names = ("batch_id", "days_left", "on_hand", "available")
        assert [tuple(one[name] for name in names) for one in page["items"]] == expected
        assert datetime.fromisoformat(page["as_of"]) == moment
    early = {"site_id": site_id, "as_of": (now() + timedelta(hours=1)).isoformat()}
    refused = await chain.get("inventory", "/batches/expiring", **early)
    assert (refused.status_code, refused.json()["code"]) == (400, "moment_to_come")


async def inspect_on_receipt(chain: Any, site_id: str) -> None:
    body = {"warehouse_id": "floor", "name": "Floor", "inspect_on_receipt": True}
    chain.must(await chain.insist("inventory", f"/sites/{site_id}/warehouses", body))


async def make_batch_item(chain: Any, *batches: str, **dated: str) -> str:
    """Create an item that is told apart by batch, and register its batches."""
    item = f"i-{uuid4().hex[:8]}"
    line = {"item_id": item, "name": item, "base_unit": "EA", "scale": 0, "tracking": "batch"}
    chain.must(await chain.insist("inventory", "/items/import", {"items": [line]}))
    for batch, expires_on in {**dict.fromkeys(batches), **dated}.items():
        body = {"batch_id": batch, "expires_on": expires_on}
        chain.must(await chain.insist("inventory", f"/items/{item}/batches", body))
    return item


async def bring_in(chain: Any, site_id: str, item: str, batches: dict[str, str]) -> None:
    """Post a receipt of some batches that came without a supplier's order."""
    goods = {"item_id": item, "unit": "EA", "unit_cost": "1.50"}
    lines = [{**goods, "batch_id": name, "quantity": held} for name, held in batches.items()]
    place = {"kind": "receipt", "site_id": site_id, "warehouse_id": "floor", "currency": "USD"}
    draft = chain.must(await chain.insist("inventory", "/documents", {**place, "lines": lines}))
    for step in ("audit", "post"):
        path = f"/documents/{draft['document_id']}/{step}"
        chain.must(await chain.insist("inventory", path))


def wanted(site_id: str, item: str, batch: str, quantity: str) -> dict[str, Any]:
    line = {"item_id": item, "batch_id": batch, "quantity": quantity, "unit": "EA"}
    place = {"site_id": site_id, "warehouse_id": "floor"}
    return {**place, "order_id": str(uuid4()), "lines": [line]}


async def reserve(chain: Any, site_id: str, item: str, batch: str, quantity: str) -> Any:
    body = wanted(site_id, item, batch, quantity)
    return chain.must(await chain.insist("inventory", "/reservations", body))


def recall_of(item: str, *batches: str) -> dict[str, Any]:
    said = {"number": f"RC-{uuid4().hex[:8]}", "recall_class": "I", "reason": "Listeria found"}
    return {**said, "item_id": item, "batches": list(batches)}


def shipment(reservation: Any) -> ShipmentPosted:
    """Return the fact that what a reservation holds was shipped."""
    names = ("order_id", "reservation_id", "site_id", "warehouse_id")
    body = {name: reservation[name] for name in names}
    lines = [SoldLine.model_validate({**line, "amount": "3.00"}) for line in reservation["lines"]]
    more = {"shipment_id": uuid4(), "number": f"SH-{uuid4().hex[:6]}", "currency": "USD"}
    times = {"shipped_at": now(), "posted_at": now()}
    return ShipmentPosted.model_validate({**body, **more, **times, "lines": lines})


def reading(site_id: str, at: datetime, temperature: str) -> ConditionRead:
    place = {"device_id": "probe-1", "site_id": site_id, "warehouse_id": "floor"}
    return ConditionRead.model_validate({**place, "at": at, "temperature_celsius": temperature})


async def publish(
    chain: Any, events: list[ConditionRead], names: list[str], *, again: bool = False
) -> None:
    """Write readings to their topic, as a gateway does."""
    if not again:
        chain.foreign[ConditionRead] += len(events)
    records = zip(events, names, strict=True)
    await send(chain, [(event, name, event.model_dump_json()) for event, name in records])


async def send(chain: Any, records: list[tuple[Event, str, str]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=chain.stack.info.kafka_bootstrap, acks="all")
    await producer.start()
    try:
        for event, name, body in records:
            headers = [("ce_id", name.encode()), ("ce_type", event.TYPE.encode())]
            key = event.key.encode()
            await producer.send(event.TOPIC.name, body.encode(), key=key, headers=headers)
        await producer.flush()
    finally:
        await producer.stop()


async def listed(chain: Any, path: str, **asked: Any) -> list[Any]:
    return list(chain.must(await chain.get("inventory", path, **asked))["items"])


async def figures(chain: Any, site_id: str, item: str, **more: str) -> dict[str, str]:
    """Return what is available, and of the other statuses those that have something."""
    balances = await listed(chain, "/stock", site_id=site_id, item_id=item, **more)
    if not balances:
        return {}
    held = {name: balances[0][name] for name in ("allocated", "in_inspection", "frozen")}
    there = {name: quantity for name, quantity in held.items() if quantity != "0"}
    return {"available": balances[0]["available"], **there}


async def warnings(chain: Any, key: str) -> list[str]:
    """Return what quality has said about a key, by the names of the events."""
    told = await listed(chain, "/events", topic="inventory.quality.v1", key=key)
    return [
        event["type"].removeprefix("trueshelf.inventory.").removesuffix(".v1") for event in told
    ]


async def until(chain: Any, look: Any, expected: Any, what: str, seconds: float = 90) -> None:
    """Wait until a look shows what is expected."""

    async def seen() -> bool:
        return bool(await look() == expected)

    await chain.eventually(seen, what, seconds)
