"""Events delivered twice, and in another order, have the effect of once and in order."""

import json
import random
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer

from contracts.inventory import StockReceived, StockShipped
from servicekit.clock import now


async def test_every_event_delivered_again_changes_nothing(chain: Any) -> None:
    """B8, E2: what all services published for a site is sent once more, shuffled across keys."""
    site_id, items = await chain.make_site(), await chain.make_items(4)
    await chain.stock_up(site_id, dict.fromkeys(items, ("20", "1.37")))
    customer = await chain.make_customer()
    for number in range(6):
        goods = dict.fromkeys(items, ("1", "2.00"))
        await chain.sell(chain.order_body(customer, site_id, goods), f"{chain.tag}-{number}")
    await chain.assert_books_agree(site_id)
    before = await books(chain, site_id, items)
    suppressed = await repeats(chain)
    events = await archive(chain)
    random.Random(7).shuffle(events)  # noqa: S311 - a repeatable order, no secret
    await publish(
        chain, [(e["topic"], e["key"], e["type"], e["event_id"], e["body"]) for e in events]
    )

    async def all_suppressed() -> bool:
        return await repeats(chain) >= suppressed + await consumed_copies(chain, events)

    await chain.eventually(all_suppressed, "every repeat to be suppressed")
    assert await books(chain, site_id, items) == before
    await chain.assert_books_agree(site_id)


async def test_stock_facts_in_any_order_and_repeated_give_the_same_cost(chain: Any) -> None:
    """E1, E2: costing applies them in ledger order, however they arrive."""
    site_id = f"nowhere-{chain.tag}"
    facts = [fact(site_id, number) for number in range(1, 41)]
    expected_quantity = sum(
        f.quantity if isinstance(f, StockReceived) else -f.quantity for f in facts
    )
    records = [(f.TOPIC.name, f.key, f.TYPE, str(uuid4()), f.model_dump_json()) for f in facts]
    shuffled = records * 2
    random.Random(11).shuffle(shuffled)  # noqa: S311 - a repeatable order, no secret
    chain.foreign.update(map(type, facts))
    await publish(chain, shuffled)

    async def complete() -> dict[str, Any] | None:
        answer = await chain.get("costing", f"/costs/{site_id}/thing")
        cost = answer.json() if answer.status_code == 200 else {}
        return cost if cost.get("sequence") == len(facts) else None

    cost = await chain.eventually(complete, "all facts to be costed")
    assert Decimal(cost["quantity"]) == expected_quantity
    assert Decimal(cost["value"]) == reference_value(facts)


def fact(site_id: str, number: int) -> StockReceived | StockShipped:
    common: dict[str, Any] = {
        "site_id": site_id,
        "item_id": "thing",
        "sequence": number,
        "warehouse_id": "floor",
        "document_id": UUID(int=number),
        "document_number": f"D{number}",
        "line_no": 1,
        "effective_at": now(),
        "posted_at": now(),
    }
    if number % 4 == 1:
        cost = Decimal("1.3333") + number
        return StockReceived(quantity=Decimal(7), unit_cost=cost, currency="USD", **common)
    return StockShipped(quantity=Decimal(2), order_id=UUID(int=number), **common)


def reference_value(facts: list[Any]) -> Decimal:
    """Fold the facts one by one by the rule as it is written down (E1, E5)."""
    quantity, value, carried = Decimal(0), Decimal(0), Decimal(0)
    for one in facts:
        if isinstance(one, StockReceived):
            exact = one.quantity * one.unit_cost + carried
            cents = exact.quantize(Decimal("0.01"))
            quantity, value, carried = quantity + one.quantity, value + cents, exact - cents
        else:
            left = quantity - one.quantity
            part = value if left == 0 else (value * one.quantity / quantity)
            quantity, value = left, value - part.quantize(Decimal("0.01"))
    return value


async def archive(chain: Any) -> list[dict[str, Any]]:
    """Return every event of every service, the body as it was sent."""

    events: list[dict[str, Any]] = []
    for state in (await chain.bus()).items():
        service, bus = state
        for topic in bus["published"]:
            if topic.endswith(".dlq"):
                continue
            cursor: dict[str, str] = {}
            while True:
                page = chain.must(
                    await chain.get(service, "/events", topic=topic, limit=1000, **cursor)
                )
                events += [{**e, "body": json.dumps(e["payload"])} for e in page["items"]]
                if page["next_cursor"] is None:
                    break
                cursor = {"cursor": page["next_cursor"]}
    return events


async def consumed_copies(chain: Any, events: list[dict[str, Any]]) -> int:
    """Count the deliveries that the repeats cause: one for each consumer that takes their kind."""
    readers = [tally for one in (await chain.bus()).values() for tally in one["consumed"]]
    sent = Counter((event["topic"], event["type"]) for event in events)
    return sum(count for kind, count in sent.items() for one in readers if chain.takes(one, *kind))


async def repeats(chain: Any) -> int:
    return sum(t["suppressed"] for one in (await chain.bus()).values() for t in one["consumed"])


async def publish(chain: Any, records: list[tuple[str, str, str, str, str]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=chain.stack.info.kafka_bootstrap, acks="all")
    await producer.start()
    try:
        for topic, key, kind, event_id, body in records:
            headers = [("ce_id", event_id.encode()), ("ce_type", kind.encode())]
            await producer.send(topic, body.encode(), key=key.encode(), headers=headers)
        await producer.flush()
    finally:
        await producer.stop()


async def books(chain: Any, site_id: str, items: list[str]) -> list[Any]:
    found = []
    for item in items:
        cost = (await chain.get("costing", f"/costs/{site_id}/{item}")).json()
        found.append((await chain.stock(site_id, item), cost["quantity"], cost["value"]))
    return found


async def test_an_integrator_reads_what_has_happened_from_any_event_on(chain: Any) -> None:
    """H1: the archive gives a stream's facts in order, from the one asked for."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    for cost in ("1", "2", "3"):
        await chain.stock_up(site_id, {item: ("1", cost)})
    wanted = {"topic": "inventory.stock.v1", "key": f"{site_id}:{item}"}
    everything = chain.must(await chain.get("inventory", "/events", **wanted))["items"]
    later = chain.must(await chain.get("inventory", "/events", after_sequence=1, **wanted))["items"]
    assert [event["sequence"] for event in everything] == [1, 2, 3]
    assert [event["payload"]["unit_cost"] for event in later] == ["2", "3"]
    assert later == everything[1:]
