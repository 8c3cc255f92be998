"""The books can be held against each other, and nobody can change what was written."""

import json
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from contracts.purchasing import RECEIPT, GoodsReceiptPosted


async def test_each_site_proves_that_its_books_agree(chain: Any) -> None:
    """A9: ledger, balances and reservations per site, and costing's quantities with the ledger."""
    site_id, items = await chain.make_site(), await chain.make_items(3)
    await chain.stock_up(site_id, dict.fromkeys(items, ("5", "2")))
    await chain.drain()
    books = chain.must(await chain.get("inventory", "/reports/books", site_id=site_id))
    assert (books["streams"], books["entries"], books["differences"]) == (3, 3, [])
    agreement = chain.must(await chain.get("costing", "/agreement", site_id=site_id))
    assert (agreement["streams"], agreement["agree"], agreement["differences"]) == (3, 3, [])


@pytest.mark.parametrize("role", ["service", "owner"])
@pytest.mark.parametrize(
    "attack",
    ["update ledger_entry set quantity = 0", "delete from ledger_entry", "truncate ledger_entry"],
)
async def test_the_database_itself_protects_the_ledger(chain: Any, role: str, attack: str) -> None:
    """A3: neither the service's role nor the owner of the tables can change an entry.

    The first has no right to, the second is stopped by what guards the table.
    """
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    await chain.stock_up(site_id, {item: ("5", "2")})
    info = chain.stack.info
    dsn, refusal = {
        "service": (info.database_dsn("inventory"), asyncpg.InsufficientPrivilegeError),
        "owner": (info.owner_dsn("inventory"), asyncpg.RestrictViolationError),
    }[role]
    connection = await asyncpg.connect(dsn)
    try:
        assert await connection.fetchval("select count(*) from ledger_entry") > 0
        with pytest.raises(refusal):
            await connection.execute(attack)
    finally:
        await connection.close()
    ledger = await chain.get("inventory", "/ledger", site_id=site_id, item_id=item)
    assert [entry["quantity"] for entry in ledger.json()["items"]] == ["5"]


async def test_a_message_that_cannot_be_applied_is_parked_shown_mended_and_released(
    chain: Any,
) -> None:
    """G1: a receipt for a broken body waits in sight, on a topic of its own too, until mended."""
    site_id, (item,) = await chain.make_site(), await chain.make_items(1)
    good = receipt_of(site_id, item)
    broken = {**good, "lines": "none"}
    chain.foreign[GoodsReceiptPosted] += 1
    await publish(chain, good["receipt_id"], broken)

    async def parked() -> dict[str, Any] | None:
        listed = chain.must(await chain.get("inventory", "/ops/parked", limit=1000))["items"]
        return next((one for one in listed if one["key"] == good["receipt_id"]), None)

    waiting = await chain.eventually(parked, "the broken receipt to be parked")
    assert "lines" in waiting["error"]
    assert await dead_letter(chain, good["receipt_id"]) == broken
    release = f"/ops/parked/{waiting['number']}/release"
    chain.must(await chain.post("inventory", release, {"payload": good}))

    async def booked() -> bool:
        return bool((await chain.stock(site_id, item)).get("on_hand") == "4")

    await chain.eventually(booked, "the mended receipt to be booked")
    assert await parked() is None
    await forget_the_booking(chain, good["receipt_id"])


def receipt_of(site_id: str, item: str) -> dict[str, Any]:
    """Return the body of a posted receipt of four units."""
    body: dict[str, Any] = json.loads(
        GoodsReceiptPosted.model_validate(
            {
                "receipt_id": str(uuid4()),
                "number": "GR-1",
                "order_id": str(uuid4()),
                "supplier_id": "s",
                "site_id": site_id,
                "warehouse_id": "floor",
                "currency": "USD",
                "received_at": "2026-01-01T00:00:00Z",
                "posted_at": "2026-01-01T00:00:00Z",
                "lines": [{"line_no": 1, "item_id": item, "quantity": "4", "unit_cost": "1"}],
            }
        ).model_dump_json()
    )
    return body


async def forget_the_booking(chain: Any, receipt_id: str) -> None:
    """Purchasing never made this receipt, so it parks the news of its booking: discard that."""

    async def parked() -> dict[str, Any] | None:
        listed = chain.must(await chain.get("purchasing", "/ops/parked", limit=1000))["items"]
        return next((one for one in listed if one["key"] == receipt_id), None)

    news = await chain.eventually(parked, "purchasing to park the booking")
    chain.must(await chain.post("purchasing", f"/ops/parked/{news['number']}/discard"))
    chain.discarded[news["consumer"], news["topic"]] += 1


async def publish(chain: Any, key: str, body: dict[str, Any]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=chain.stack.info.kafka_bootstrap, acks="all")
    await producer.start()
    try:
        headers = [
            ("ce_id", str(uuid4()).encode()),
            ("ce_type", GoodsReceiptPosted.TYPE.encode()),
            ("not-utf-8", b"\xff\xfe"),
        ]
        await producer.send_and_wait(
            RECEIPT.name, json.dumps(body).encode(), key=key.encode(), headers=headers
        )
    finally:
        await producer.stop()


async def dead_letter(chain: Any, key: str) -> dict[str, Any]:
    """Read the consumer's dead-letter topic until the message of this key is there."""
    bus = chain.must(await chain.get("inventory", "/ops/bus"))
    group = next(t["consumer"] for t in bus["consumed"] if t["topic"] == RECEIPT.name)
    consumer = AIOKafkaConsumer(
        f"{RECEIPT.name}.{group}.dlq",
        bootstrap_servers=chain.stack.info.kafka_bootstrap,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        async for record in consumer:
            if record.key == key.encode():
                return dict(json.loads(record.value))
    finally:
        await consumer.stop()
    raise AssertionError("unreachable")
