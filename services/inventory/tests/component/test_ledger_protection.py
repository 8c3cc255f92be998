"""Nobody changes a ledger entry, not even with a database session (A3)."""

from typing import Any

import asyncpg
import pytest

CHANGES = [
    "update ledger_entry set quantity = quantity + 1",
    "delete from ledger_entry",
    "truncate ledger_entry",
]


@pytest.mark.parametrize("change", CHANGES)
async def test_the_services_role_has_no_right_to_change_entries(shop: Any, change: str) -> None:
    await shop.receive(("tea", "1"))
    session = await asyncpg.connect(shop.database.dsn)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await session.execute(change)
    await session.close()


@pytest.mark.parametrize("change", CHANGES)
async def test_even_the_owner_of_the_table_is_refused(shop: Any, change: str) -> None:
    await shop.receive(("tea", "1"))
    session = await asyncpg.connect(shop.database.owner_dsn)
    with pytest.raises(asyncpg.RestrictViolationError, match="never changed"):
        await session.execute(change)
    assert await session.fetchval("select count(*) from ledger_entry") == 1
    await session.close()


async def test_the_database_itself_keeps_balances_from_falling_below_zero(shop: Any) -> None:
    await shop.receive(("tea", "1"))
    session = await asyncpg.connect(shop.database.dsn)
    for change in ("on_hand = -1", "allocated = 2", "allocated = -1"):
        with pytest.raises(asyncpg.CheckViolationError):
            await session.execute(f"update stock_balance set {change}")  # noqa: S608
    await session.close()


async def test_a_difference_between_the_books_is_shown(shop: Any) -> None:
    """The proof is worth something only if it can fail."""
    await shop.receive(("tea", "5"))
    await shop.held(("tea", "2"))
    session = await asyncpg.connect(shop.database.dsn)
    await session.execute("update stock_balance set on_hand = 9, allocated = 3")
    await session.execute("update stock_stream set last_sequence = 7")
    await session.close()
    report = await shop.get("/reports/books", site_id="north")
    assert report["drift"] == {
        "ledger_balances": 1,
        "reservations_allocated": 1,
        "stream_sequences": 1,
    }
    assert [(one["kind"], one["expected"], one["found"]) for one in report["differences"]] == [
        ("ledger_balances", "5", "9"),
        ("reservations_allocated", "2", "3"),
        ("stream_sequences", "1", "7"),
    ]
    assert (await shop.get("/reports/books", site_id="south"))["differences"] == []


async def test_totals_are_summed_over_warehouses(shop: Any) -> None:
    """E7."""
    await shop.receive(("tea", "5"), ("rice", "1"))
    await shop.receive(("tea", "7"), warehouse="back")
    await shop.receive(("tea", "1"), site="south")
    first = await shop.get("/reports/totals", limit=2)
    second = await shop.get("/reports/totals", limit=2, cursor=first["next_cursor"])
    totals = [
        (one["site_id"], one["item_id"], one["quantity"], one["sequence"])
        for one in (*first["items"], *second["items"])
    ]
    assert totals == [
        ("north", "rice", "1", 1),
        ("north", "tea", "12", 2),
        ("south", "tea", "1", 1),
    ]
    assert len((await shop.get("/reports/totals", site_id="south"))["items"]) == 1
