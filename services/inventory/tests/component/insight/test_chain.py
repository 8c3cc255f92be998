"""Whoever tampers with the ledger from outside breaks its hash chain, and is found (A3, A9)."""

from typing import Any

import asyncpg
import pytest

from inventory.main import SERVICE

SWAP = """
    update ledger_entry as one set
        warehouse_id = other.warehouse_id, quantity = other.quantity, kind = other.kind,
        document_id = other.document_id, document_number = other.document_number,
        line_no = other.line_no, effective_at = other.effective_at, posted_at = other.posted_at,
        hash = other.hash
    from ledger_entry as other
    where one.item_id = 'tea' and other.site_id = one.site_id and other.item_id = one.item_id
        and one.sequence in (2, 3) and other.sequence = 5 - one.sequence
"""
INSERT = """
    insert into ledger_entry (site_id, item_id, sequence, warehouse_id, batch_id, kind, quantity,
        source, target, document_id, document_number, line_no, effective_at, posted_at, user_id,
        hash)
    select site_id, item_id, {sequence}, warehouse_id, batch_id, kind, quantity, source, target,
        document_id, document_number, line_no, effective_at, posted_at, user_id, hash
    from ledger_entry where item_id = 'tea' and sequence = 3
"""
NORTH = "site_id = 'north' and item_id = 'tea'"
TAMPERING = {
    "changed": ("update ledger_entry set quantity = 9 where item_id = 'tea' and sequence = 2", 2),
    "changed time": (
        "update ledger_entry set posted_at = posted_at - interval '1 day'"
        " where item_id = 'tea' and sequence = 3",
        3,
    ),
    "nonsense": ("update ledger_entry set kind = '?' where item_id = 'tea' and sequence = 4", 4),
    "rehashed": (
        "update ledger_entry set hash = '' where NORTH and sequence = 4",
        4,
    ),
    "swapped": (SWAP, 2),
    "missing": ("delete from ledger_entry where item_id = 'tea' and sequence = 2", 3),
    "cut_off": ("delete from ledger_entry where item_id = 'tea' and sequence > 2", 4),
    "cut_off whole": ("delete from ledger_entry where NORTH", 4),
    "unannounced": (INSERT.format(sequence=5), 5),
    "unannounced stream": (
        "delete from stock_stream where NORTH",
        1,
    ),
}


async def filled(shop: Any) -> None:
    """Book four entries of tea, and others before and behind it."""
    for quantity in ("1", "2", "3", "4"):
        await shop.receive(("oil", "1"), ("rice", "1"), ("tea", quantity))
    await shop.receive(("tea", "1"), site="south")


async def tamper(shop: Any, statement: str) -> None:
    """Do what only the owner of the table can, and not by accident."""
    session = await asyncpg.connect(shop.database.owner_dsn)
    try:
        await session.execute("alter table ledger_entry disable trigger all")
        await session.execute(statement.replace("NORTH", NORTH))
    finally:
        await session.close()


async def verify(shop: Any) -> int:
    """Run `python -m inventory verify` and return its exit code."""
    code: int = await SERVICE.commands["verify"](shop.service.context)
    return code


async def test_an_untouched_ledger_is_verified(shop: Any, capsys: Any) -> None:
    await filled(shop)
    assert await verify(shop) == 0
    assert capsys.readouterr().out == "checked 4 streams with 13 entries: 0 broken\n"


async def test_an_empty_ledger_is_verified(shop: Any) -> None:
    assert await verify(shop) == 0


@pytest.mark.parametrize("name", TAMPERING)
async def test_tampering_is_found_at_its_first_entry(shop: Any, capsys: Any, name: str) -> None:
    await filled(shop)
    statement, sequence = TAMPERING[name]
    await tamper(shop, statement)
    # The south's tea lies behind the tampered rows in key order: one break doesn't hide it.
    assert await verify(shop) == 1
    cause = name.split()[0]
    cause = cause if cause in ("missing", "cut_off", "unannounced") else "changed"
    printed = capsys.readouterr().out
    assert f"site north, item tea, entry {sequence}: {cause}\n" in printed
    assert printed.endswith(": 1 broken\n")
    report = await shop.get("/reports/chain", site_id="north", item_id="tea")
    assert report["items"] == [
        {"site_id": "north", "item_id": "tea", "sequence": sequence, "cause": cause}
    ]


async def test_a_chain_is_checked_in_pages_without_a_seam(shop: Any) -> None:
    await filled(shop)
    await tamper(shop, TAMPERING["changed"][0])
    found, checked, cursor = [], 0, None
    for _ in range(13):
        given = {"cursor": cursor} if cursor else {}
        page = await shop.get("/reports/chain", site_id="north", limit=2, **given)
        found += page["items"]
        checked += page["entries"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert (checked, cursor) == (12, None)
    assert [(one["item_id"], one["sequence"]) for one in found] == [("tea", 2)]


async def test_the_head_of_a_single_stream_can_be_written_down_elsewhere(shop: Any) -> None:
    await filled(shop)
    report = await shop.get("/reports/chain", site_id="north", item_id="tea")
    entries = (await shop.get("/ledger", site_id="north", item_id="tea"))["items"]
    assert (report["head_sequence"], report["head_hash"]) == (4, entries[-1]["hash"])
    assert (report["streams"], report["entries"], report["items"]) == (1, 4, [])


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIiwgImIiLCAieCIsICIwMCJd"])
async def test_a_forged_cursor_is_refused(shop: Any, cursor: str) -> None:
    headers = shop.service.headers(["finance"])
    given = {"site_id": "north", "cursor": cursor}
    answer = await shop.service.api.get("/reports/chain", params=given, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
