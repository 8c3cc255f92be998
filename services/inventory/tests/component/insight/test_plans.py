"""Questions about the ledger and about holders are answered from indexes, not by reading all."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event

from inventory.reservations import store as reservations
from inventory.stock.domain import Place

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
    "a site's ageing as of a moment": ("/reports/ageing", {"site_id": "s3"} | AS_OF),
    "a chain": ("/reports/chain", PLACE),
    "what is open": ("/reports/open-documents", {}),
    "a site's books": ("/reports/books", {"site_id": "s3"}),
}
# Many batches and units in many places; few of them expire, are under way or wait.
SPREAD = (
    """insert into site (site_id, name, time_zone) select 's' || n, 's', 'Asia/Shanghai'
    from generate_series(0, 19) as n""",
    """insert into warehouse (site_id, warehouse_id, name, entry_code, inspect_on_receipt)
    select 's' || n, 'main', 'main', 'door-' || n, false from generate_series(0, 19) as n""",
    """insert into item (item_id, name, base_unit, scale, category, in_use, tracking,
        no_sale_days, for_sale, inspect_on_receipt, disabled)
    select 'i' || n, 'i', 'box', 0, 'c', true, case n % 2 when 1 then 'serial' else 'batch' end, 0,
        true, false, false from generate_series(0, 99) as n""",
    """insert into batch (item_id, batch_id, expires_on, attributes)
    select 'i' || n % 100, 'b' || n / 100, current_date + n, '{}'
    from generate_series(0, 1999) as n""",
    """insert into stock_balance (site_id, item_id, warehouse_id, batch_id, on_hand, allocated,
        in_inspection, frozen)
    select 's' || n / 2000, 'i' || n % 100, 'main', 'b' || n / 100 % 20, 5, 0,
        case when n % 997 = 0 then 1 else 0 end, 0 from generate_series(0, 39999) as n""",
    """insert into serial_unit (item_id, serial_no, batch_id, site_id, warehouse_id, state)
    select 'i' || n % 100, 'S' || n, 'b' || n / 100 % 20, 's' || n / 2000, 'main', 'in_stock'
    from generate_series(1, 39999, 2) as n""",
    """insert into stock_document (site_id, document_id, number, kind, warehouse_id, status,
        version, over_percent, drafted_at, drafted_by, lines_by, posted_at, posted_by)
    select 's' || n / 2000, md5(n::text)::uuid, 'TD-' || n, 'transfer_dispatch', 'main', 'posted',
        3, 0, now(), 'ann', 'ann', now(), 'bob' from generate_series(0, 39999) as n""",
    """insert into stock_in_transit (to_site_id, document_id, line_no, item_id, batch_id,
        from_site_id, from_warehouse_id, to_warehouse_id, dispatch_sequence, dispatched_at,
        dispatched, outstanding, tolerated, surplus)
    select 's' || n % 20, md5(n::text)::uuid, 1, 'i' || n % 100, 'b' || n / 100 % 20,
        's' || n / 2000, 'main', 'main', n, now(), 5, case when n % 997 = 0 then 1 else 0 end, 0, 0
    from generate_series(0, 39999) as n""",
    """insert into ledger_entry (site_id, item_id, sequence, warehouse_id, batch_id, kind, quantity,
        source, target, document_id, document_number, line_no, effective_at, posted_at, user_id,
        hash, serials)
    select 's' || n / 2000, 'i' || n % 100, n / 100 % 20 + 1, 'main', 'b' || n / 100 % 20,
        case n / 100 % 2 when 0 then 'shipment' else 'gain' end, 1,
        case n / 100 % 2 when 0 then 'allocated' end, case n / 100 % 2 when 1 then 'available' end,
        md5(n::text)::uuid, 'D-' || n, 1, now(), now(), 'clerk', '',
        case n % 2 when 1 then array['S' || n] end from generate_series(0, 39999) as n""",
    """insert into stock_stream select site_id, item_id, max(sequence), ''
    from ledger_entry group by 1, 2""",
    "analyze",
)
LARGE = ("stock_balance", "serial_unit", "stock_in_transit", "stock_document", "ledger_entry")
DISPATCH = "cfcd2084-95d5-65ef-66e7-dff9f98764da"
LOOKED_UP: dict[str, tuple[str, dict[str, Any]]] = {
    "what expires soon at a site": ("/batches/expiring", {"within_days": 9, "site_id": "s3"}),
    "what is under way": ("/transfers/open", {}),
    "what is under way to a site": ("/transfers/open", {"to_site_id": "s3"}),
    "what is under way of an item": ("/transfers/open", {"item_id": "i7"}),
    "what is under way of a dispatch": ("/transfers/open", {"dispatch_id": DISPATCH}),
    "what waits for an inspection": ("/inspections/open", {}),
    "what waits for an inspection at a site": ("/inspections/open", {"site_id": "s3"}),
    "where recalled batches are": ("/recalls/{batches}/stock", {}),
    "where recalled units are": ("/recalls/{units}/stock", {}),
    "where recalled units are at a site": ("/recalls/{units}/stock", {"site_id": "s3"}),
    "to whom recalled goods went": ("/recalls/{units}/deliveries", {}),
}
# One item of many batches, each held by many orders.
HELD = (
    """insert into reservation (site_id, reservation_id, order_id, warehouse_id, reserved_at,
        expires_at, status)
    select 's1', md5(n::text)::uuid, md5(n::text)::uuid, 'main', now(), now(), 'confirmed'
    from generate_series(1, 20000) as n""",
    """insert into reservation_line (site_id, reservation_id, line_no, item_id, warehouse_id,
        batch_id, quantity, outstanding)
    select 's1', md5(n::text)::uuid, 1, 'i1', 'main', 'b' || n % 500, 1, n % 4
    from generate_series(1, 20000) as n where n % 4 < 2""",
    "analyze",
)


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


@asynccontextmanager
async def statements_on(shop: Any, table: str) -> AsyncIterator[list[tuple[str, Any]]]:
    """Note the statements that name a table, with what was given to each."""
    engine = shop.service.context.database.engine
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, given: Any, *___: Any) -> None:
        if table in statement:
            seen.append((statement, given))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def reads_of(shop: Any, table: str, seen: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Return how these statements read a table."""
    found = []
    async with shop.service.context.database.engine.connect() as connection:
        for statement, given in seen:
            explain = f"explain (format json) {statement}"
            told = (await connection.exec_driver_sql(explain, given)).scalar()
            plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
            found += [one for one in nodes(plan) if one.get("Relation Name") == table]
    return found


async def scans_of(shop: Any, path: str, asked: dict[str, Any]) -> list[str]:
    """Ask, and return how each statement that this took reads the ledger."""
    async with statements_on(shop, "ledger_entry") as seen:
        await shop.get(path, **asked)
    return [one["Node Type"] for one in await reads_of(shop, "ledger_entry", seen)]


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


async def test_who_holds_a_batch_is_found_without_the_item_s_other_batches(shop: Any) -> None:
    session = await asyncpg.connect(shop.database.owner_dsn)
    try:
        for statement in HELD:
            await session.execute(statement)
    finally:
        await session.close()
    place = Place("s1", "i1", "main", "b1")
    transaction = shop.service.context.database.transaction
    async with statements_on(shop, "reservation_line") as seen, transaction() as asking:
        found = await reservations.holders(asking, [place])
    assert len(found[place].named) == 20
    (scan,) = await reads_of(shop, "reservation_line", seen)
    # Where rows are many, a bitmap is read from the index first: the condition stands there.
    told = json.dumps(scan)
    assert "ix_reservation_line_held" in told, scan
    assert "batch_id" in told.partition('"Index Cond": ')[2].partition('", "')[0], scan


ASKING = ("select", "SELECT", "with", "WITH")


async def full_scans(shop: Any, seen: list[tuple[str, Any]]) -> list[str]:
    """Return which large tables these statements read from end to end."""
    found = list[str]()
    for table in LARGE:
        asking = [one for one in seen if table in one[0] and one[0].lstrip().startswith(ASKING)]
        for read in await reads_of(shop, table, asking):
            if read["Node Type"] == "Seq Scan" or _is_unbounded(read):
                found.append(f"{table}: {read['Node Type']}")
    return found


def _is_unbounded(read: dict[str, Any]) -> bool:
    """Tell whether an index is read for its order alone, all of it if need be."""
    whole = read.get("Index Name", "").startswith(("pk_", "uq_"))
    return read["Node Type"].startswith("Index") and whole and "Index Cond" not in read


@pytest.mark.slow
async def test_what_is_looked_for_is_found_without_reading_all_there_is(shop: Any) -> None:
    """A9, H3: what expires, is under way, waits, or is called back, among much that does not."""
    session = await asyncpg.connect(shop.database.owner_dsn)
    try:
        for statement in SPREAD:
            await session.execute(statement)
    finally:
        await session.close()
    wrong, recalls = {}, {}
    for name, called in (
        ("batches", {"item_id": "i8", "batches": ["b1"]}),
        ("units", {"item_id": "i7", "first_serial": "S7", "last_serial": "S999"}),
    ):
        body = {"number": f"RC-{name}", "recall_class": "I", "reason": "germs", **called}
        async with statements_on(shop, "") as seen:
            answer = await shop.post("/recalls", body, "operator")
        assert answer.status_code == 201, answer.text
        wrong[f"ordering a recall of {name}"] = await full_scans(shop, seen)
        recalls[name] = answer.json()["recall_id"]
    for name, (path, asked) in LOOKED_UP.items():
        async with statements_on(shop, "") as seen:
            await shop.get(path.format(**recalls), **asked)
        wrong[name] = await full_scans(shop, seen)
    async with statements_on(shop, "") as seen:
        await shop.service.run_job("pursue_recalls")
    wrong["pursuing recalls"] = await full_scans(shop, seen)
    assert {name: scans for name, scans in wrong.items() if scans} == {}
