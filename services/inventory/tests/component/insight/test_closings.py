"""The past is read from closings: few rows however long the ledger, and never another answer."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event

from inventory.main import SERVICE
from inventory.stock import store
from servicekit.clock import now

STREAM = {"site_id": "north", "item_id": "tea"}
ENTRIES = 5_000
# Posted a minute apart, except that every 37th was told two hours late.
FILL = """
insert into ledger_entry (site_id, item_id, sequence, warehouse_id, batch_id, kind, quantity,
    source, target, document_id, document_number, line_no, effective_at, posted_at, user_id, hash)
select 'north', 'tea', n, case n % 3 when 0 then 'back' else 'main' end, '', 'receipt', n % 7 + 1,
    null, (array['available', 'frozen', 'in_inspection'])[n % 3 + 1],
    md5(n::text)::uuid, 'D-' || n, 1, at, at, 'clerk', ''
from generate_series(1, $1::integer) as n cross join lateral (
    select $2::timestamptz + n * interval '1 minute'
        - case when n % 37 = 0 then interval '2 hours' else interval '0' end as at
) as told
"""
SUM_UP = (
    """insert into stock_stream
    select site_id, item_id, count(*), '' from ledger_entry group by 1, 2""",
    """insert into stock_balance
    select site_id, item_id, warehouse_id, batch_id, sum(quantity), 0,
        sum(case target when 'in_inspection' then quantity else 0 end),
        sum(case target when 'frozen' then quantity else 0 end)
    from ledger_entry group by 1, 2, 3, 4""",
)
BY_SUMMING = """
select warehouse_id, sum(quantity), coalesce(sum(quantity) filter (where target = 'frozen'), 0),
    max(sequence), max(posted_at)
from ledger_entry where posted_at <= $1 group by 1 order by 1
"""
OLDEST = """
select effective_at from (
    select sequence, effective_at, sum(quantity) over (order by sequence desc) as newer
    from ledger_entry
) as layer where newer >= $1 order by sequence desc limit 1
"""
# Of ten entries one takes away most of what the others brought.
TRADED = FILL.replace(
    """'receipt', n % 7 + 1,
    null, (array['available', 'frozen', 'in_inspection'])[n % 3 + 1],""",
    """case when n % 10 = 0 then 'issue' else 'receipt' end,
    case when n % 10 = 0 then 33 else n % 7 + 1 end,
    case when n % 10 = 0 then 'available' end, case when n % 10 > 0 then 'available' end,""",
)
TRADED_SUM = """insert into stock_balance
    select site_id, item_id, warehouse_id, batch_id, sum(change), 0, 0, 0
    from ledger_entry group by 1, 2, 3, 4"""
THERE = "select sum(change) from ledger_entry where posted_at <= $1"
OLDEST_THEN = """
select effective_at from (
    select sequence, effective_at, sum(quantity) over (order by sequence desc) as newer
    from ledger_entry where source is null and posted_at <= $1
) as layer where newer >= $2 order by sequence desc limit 1
"""
CLOSINGS = (
    "select * from stock_page order by 1, 2, 3",
    "select * from stock_closing order by 1, 2, 3, 4, 5",
)


@pytest.fixture
async def books(shop: Any) -> AsyncIterator[asyncpg.Connection]:
    """Return a session of the owner."""
    session = await asyncpg.connect(shop.database.owner_dsn)
    yield session
    await session.close()


async def fill(books: asyncpg.Connection) -> datetime:
    """Write a long stream, and return when it begins."""
    began = now() - timedelta(days=10)
    await books.execute(FILL, ENTRIES, began)
    for statement in SUM_UP:
        await books.execute(statement)
    await books.execute("analyze")
    return began


async def close(shop: Any) -> None:
    """Write the closings anew."""
    assert await SERVICE.commands["close"](shop.service.context) == 0


async def told(shop: Any, moment: datetime) -> list[tuple[Any, ...]]:
    """Return what the service says of a moment."""
    page = await shop.get("/stock", **STREAM, as_of=moment.isoformat())
    return [
        (
            one["warehouse_id"],
            Decimal(one["on_hand"]),
            Decimal(one["frozen"]),
            one["sequence"],
            datetime.fromisoformat(one["moved_at"]),
        )
        for one in page["items"]
    ]


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """Give the nodes of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


async def rows_read(shop: Any, path: str, **asked: str) -> int:
    """Ask, and return how many entries were read for it."""
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
    assert seen
    read = 0.0
    async with engine.connect() as connection:
        for statement, given in seen:
            explain = f"explain (analyze, format json) {statement}"
            answer = (await connection.exec_driver_sql(explain, given)).scalar()
            plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
            read += sum(
                (one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) * one["Actual Loops"]
                for one in nodes(plan)
                if one.get("Relation Name") == "ledger_entry"
            )
    return round(read)


async def test_the_past_from_closings_is_the_past_by_summing(
    shop: Any, books: asyncpg.Connection
) -> None:
    began = await fill(books)
    await close(shop)
    for minutes in (130, 1_000, 2_487, 2_500, 4_949, 4_950, 4_951, 5_000, 9_000):
        moment = began + timedelta(minutes=minutes)
        assert await told(shop, moment) == [
            tuple(row) for row in await books.fetch(BY_SUMMING, moment)
        ]


async def test_few_entries_are_read_however_long_the_ledger(
    shop: Any, books: asyncpg.Connection
) -> None:
    """Entries told two hours late lie on a few pages; no other page is looked at."""
    began = await fill(books)
    asked = {**STREAM, "as_of": (began + timedelta(minutes=2_500)).isoformat()}
    assert await rows_read(shop, "/stock", **asked) > ENTRIES // 2  # as nothing is closed yet
    await close(shop)
    assert await rows_read(shop, "/stock", **asked) <= 120


async def test_the_age_of_stock_is_read_from_the_end_of_the_ledger(
    shop: Any, books: asyncpg.Connection
) -> None:
    await fill(books)
    await books.execute("update stock_balance set on_hand = 500, in_inspection = 0, frozen = 0")
    (tea,) = (await shop.get("/reports/ageing", site_id="north"))["items"]
    assert (tea["on_hand"], sum(Decimal(one["quantity"]) for one in tea["ages"])) == ("1000", 1000)
    oldest = await books.fetchval(OLDEST, 1000)
    assert datetime.fromisoformat(tea["oldest_at"]) == oldest
    assert await rows_read(shop, "/reports/ageing", site_id="north") <= 1_000


async def test_the_age_that_stock_had_is_read_from_closings_and_a_part_of_the_ledger(
    shop: Any, books: asyncpg.Connection
) -> None:
    """As it was by then, with closings and without, though entries were told late."""
    began = now() - timedelta(days=10)
    await books.execute(TRADED, ENTRIES, began)
    for statement in (SUM_UP[0], TRADED_SUM, "analyze"):
        await books.execute(statement)
    moment = began + timedelta(minutes=2_500)
    asked = {"site_id": "north", "as_of": moment.isoformat()}
    there = await books.fetchval(THERE, moment)
    oldest = await books.fetchval(OLDEST_THEN, moment, there)
    for closed in (False, True):
        if closed:
            await close(shop)
        page = await shop.get("/reports/ageing", **asked)
        (tea,) = page["items"]
        assert datetime.fromisoformat(page["as_of"]) == moment
        assert (Decimal(tea["on_hand"]), datetime.fromisoformat(tea["oldest_at"])) == (
            there,
            oldest,
        )
        assert sum(Decimal(one["quantity"]) for one in tea["ages"]) == there
        assert (await rows_read(shop, "/reports/ageing", **asked) <= 1_300) is closed


async def test_the_difference_report_adds_up_a_ledger_without_reading_it_from_its_beginning(
    shop: Any, books: asyncpg.Connection
) -> None:
    """A9: with closings and without, and with a page that is not full yet."""
    await fill(books)
    told = await books.fetchval("select sum(quantity) from ledger_entry")
    for closed in (False, True):
        if closed:
            await close(shop)
        (tea,) = (await shop.get("/reports/differences", site_id="north"))["items"]
        assert (Decimal(tea["ledger"]), tea["differences"]) == (told, {})
    await shop.receive(*[("tea", "1")] * 7, warehouse="back")
    (tea,) = (await shop.get("/reports/differences", site_id="north"))["items"]
    assert Decimal(tea["ledger"]) == told + 7
    assert await rows_read(shop, "/reports/differences", site_id="north") <= 100


async def test_who_fills_a_page_closes_it_as_the_command_would(
    shop: Any, books: asyncpg.Connection
) -> None:
    for _ in range(3):
        await shop.receive(*[("tea", "2"), ("rice", "0.5")] * 40)
        await shop.receive(*[("tea", "1")] * 13, warehouse="back")
    written = [await books.fetch(query) for query in CLOSINGS]
    assert [(one["item_id"], one["sequence"]) for one in written[0]] == [
        *(("rice", last) for last in range(20, 121, 20)),
        *(("tea", last) for last in range(20, 141, 20)),
    ]
    await close(shop)
    assert [await books.fetch(query) for query in CLOSINGS] == written


async def test_closings_carry_every_figure_over_from_those_before(
    shop: Any, books: asyncpg.Connection
) -> None:
    """On hand, in inspection and frozen: closed bit by bit they are what they are at one stroke."""
    await fill(books)
    for last in (40, 1_000, ENTRIES):
        async with shop.service.context.database.transaction() as session:
            await store.close_pages(session, [(("north", "tea"), last)])
    written = [await books.fetch(query) for query in CLOSINGS]
    assert all(written[1][-1][name] for name in ("on_hand", "in_inspection", "frozen"))
    await close(shop)
    assert [await books.fetch(query) for query in CLOSINGS] == written


WRONG = {
    "a figure": (
        "update stock_closing set frozen = frozen + 1"
        " where sequence = 100 and warehouse_id = 'main'",
        100,
    ),
    "a moment": (
        "update stock_page set latest_at = latest_at - interval '1 s' where sequence = 140",
        140,
    ),
    "a place that is missing": (
        "delete from stock_closing where sequence = 40 and warehouse_id = 'back'",
        40,
    ),
    "a page that is missing": ("delete from stock_page where sequence = 100", 100),
    "one too many": (
        "insert into stock_closing select site_id, item_id, 'attic', batch_id, sequence, on_hand,"
        " in_inspection, frozen, moved_by, moved_at from stock_closing where sequence = 140"
        " and warehouse_id = 'main'",
        140,
    ),
}


async def entries_with_closings(shop: Any) -> None:
    """Book ten pages of tea in two warehouses, and some of the rice that comes before it."""
    for _ in range(10):
        await shop.receive(*[("tea", "2")] * 12, ("rice", "0.5"))
        await shop.receive(*[("tea", "1")] * 8, warehouse="back")


@pytest.mark.parametrize("name", WRONG)
async def test_a_closing_that_the_ledger_does_not_say_is_found(
    shop: Any, books: asyncpg.Connection, capsys: Any, name: str
) -> None:
    """A3, A9: by the command that verifies the ledger; writing the closings anew mends it."""
    await entries_with_closings(shop)
    assert await SERVICE.commands["verify"](shop.service.context) == 0
    statement, sequence = WRONG[name]
    assert (await books.execute(statement)).split()[-1] == "1"
    capsys.readouterr()
    assert await SERVICE.commands["verify"](shop.service.context) == 1
    told = capsys.readouterr().out
    assert f"site north, item tea, closing at entry {sequence}: differs" in told
    assert told.endswith(" 210 entries: 1 broken\n")
    await close(shop)
    assert await SERVICE.commands["verify"](shop.service.context) == 0


async def test_pages_that_nobody_has_closed_yet_are_no_breach(
    shop: Any, books: asyncpg.Connection
) -> None:
    await entries_with_closings(shop)
    for table in ("stock_page", "stock_closing"):
        await books.execute(f"delete from {table} where sequence > 100")  # noqa: S608
    assert await SERVICE.commands["verify"](shop.service.context) == 0


async def test_pages_of_a_ledger_older_than_closings_are_closed_by_the_next_posting(
    shop: Any, books: asyncpg.Connection
) -> None:
    await shop.receive(*[("tea", "1")] * 159)
    written = [await books.fetch(query) for query in CLOSINGS]
    for table in ("stock_page", "stock_closing"):
        await books.execute(f"delete from {table}")  # noqa: S608
    await shop.receive(("tea", "1"))
    closed = [await books.fetch(query) for query in CLOSINGS]
    assert [one[:-1] for one in closed] == written
    assert [one["sequence"] for one in closed[0]] == [*range(20, 161, 20)]
