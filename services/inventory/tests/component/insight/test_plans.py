"""Questions about the ledger are answered from its indexes: none of them reads it as a whole."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event

SITES, ITEMS, TURNS = 20, 100, 30
FILL = """
insert into ledger_entry (site_id, item_id, sequence, warehouse_id, batch_id, kind, quantity,
    source, target, document_id, document_number, line_no, effective_at, posted_at, user_id, hash)
select 's' || n / 100 % 20, 'i' || n % 100, n / 2000 + 1, 'main',
    case when n % 100 < 25 then 'b' || n / 20000 else '' end, 'receipt', 1, null, 'available',
    md5((n / 4)::text)::uuid, 'D-' || n / 4, n % 4 + 1, now(), now(), 'clerk', ''
from generate_series(0, $1::integer - 1) as n
"""
SUM_UP = (
    """insert into stock_stream
    select site_id, item_id, count(*), '' from ledger_entry group by 1, 2""",
    """insert into stock_balance (site_id, item_id, warehouse_id, batch_id, on_hand, allocated,
        in_inspection, frozen)
    select site_id, item_id, warehouse_id, batch_id, sum(change), 0, 0, 0
    from ledger_entry group by 1, 2, 3, 4""",
    """insert into item (item_id, name, base_unit, scale, category, in_use, tracking,
        no_sale_days, for_sale, inspect_on_receipt, disabled)
    select distinct item_id, item_id, 'box', 0, 'c' || right(item_id, 1), true, 'none', 0, true,
        false, false from ledger_entry""",
    "analyze",
)
PLACE = {"site_id": "s3", "item_id": "i7"}
AS_OF = {"as_of": "2026-01-01T00:00:00Z"}
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "a page of a stream": ("/ledger", {**PLACE, "after_sequence": 10}),
    "an item in all sites": ("/stock", {"item_id": "i7"}),
    "a site": ("/stock", {"site_id": "s3"}),
    "a category of a site": ("/stock", {"site_id": "s3", "category": "c7"}),
    "an item as of a moment": ("/stock", PLACE | AS_OF),
    "an item in all sites as of a moment": ("/stock", {"item_id": "i7"} | AS_OF),
    "a site as of a moment": ("/stock", {"site_id": "s3"} | AS_OF),
    "an item's trace": ("/trace", {"item_id": "i7"}),
    "a batch's trace": ("/trace", {"item_id": "i7", "batch_id": "b1"}),
    "a serial number's trace": ("/trace", {"item_id": "i7", "serial_no": "1"}),
    "a warehouse's trace": ("/trace", {"site_id": "s3", "warehouse_id": "main"}),
    "a document's trace": ("/trace", {"document_id": "cfcd2084-95d5-65ef-66e7-dff9f98764da"}),
    "where a document came from": (
        "/trace",
        {"document_id": "cfcd2084-95d5-65ef-66e7-dff9f98764da", "direction": "backward"},
    ),
    "a site's differences": ("/reports/differences", {"site_id": "s3"}),
    "a site's ageing": ("/reports/ageing", {"site_id": "s3"}),
    "a chain": ("/reports/chain", PLACE),
    "what is open": ("/reports/open-documents", {}),
}


async def filled(shop: Any) -> None:
    """Write a ledger large enough for an index to be worth it."""
    session = await asyncpg.connect(shop.database.owner_dsn)
    try:
        await session.fetch(FILL, SITES * ITEMS * TURNS)
        for statement in SUM_UP:
            await session.execute(statement)
    finally:
        await session.close()


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """Give the nodes of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


async def scans_of(shop: Any, path: str, asked: dict[str, Any]) -> list[str]:
    """Ask, and return how each statement that this took reads the ledger."""
    engine = shop.service.context.database.engine
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, given: Any, *___: Any) -> None:
        if "ledger_entry" in statement:
            seen.append((statement, given))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        await shop.get(path, **asked)
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    found = []
    async with engine.connect() as connection:
        for statement, given in seen:
            explain = f"explain (format json) {statement}"
            told = (await connection.exec_driver_sql(explain, given)).scalar()
            plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
            found += [
                one["Node Type"]
                for one in nodes(plan)
                if one.get("Relation Name") == "ledger_entry"
            ]
    return found


@pytest.mark.slow
async def test_no_question_reads_the_whole_ledger(shop: Any) -> None:
    await filled(shop)
    wrong = {}
    for name, (path, asked) in QUESTIONS.items():
        scans = await scans_of(shop, path, asked)
        assert scans, f"{name} does not ask the ledger"
        if "Seq Scan" in scans:
            wrong[name] = scans
    assert wrong == {}
