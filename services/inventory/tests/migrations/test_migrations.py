"""Migrations go up, down and up again, agree with the models, and grant no more than is needed."""

import json

import asyncpg
import pytest

from devstack.testing import FreshDatabase, FreshDatabases
from servicekit.testing import check_models, migrate

RIGHTS = {
    "arrival_rule": {"SELECT", "INSERT", "UPDATE"},
    "batch": {"SELECT", "INSERT", "UPDATE"},
    "booked_document": {"SELECT", "INSERT"},
    "called_back_units": {"SELECT", "INSERT", "DELETE"},
    "cold_chain_breach": {"SELECT", "INSERT", "UPDATE"},
    "condition_limit": {"SELECT", "INSERT", "UPDATE"},
    "condition_reading": {"SELECT", "INSERT", "DELETE"},
    "condition_watch": {"SELECT", "INSERT", "UPDATE"},
    "count_line": {"SELECT", "INSERT", "UPDATE"},
    "count_sheet": {"SELECT", "INSERT", "UPDATE"},
    "device": {"SELECT", "INSERT", "UPDATE"},
    "entry_of_return": {"SELECT", "INSERT"},
    "expiry_notice": {"SELECT", "INSERT"},
    "inspection": {"SELECT", "INSERT"},
    "inspection_part": {"SELECT", "INSERT"},
    "item": {"SELECT", "INSERT", "UPDATE"},
    "item_barcode": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "kit_component": {"SELECT", "INSERT"},
    "kit_version": {"SELECT", "INSERT"},
    "ledger_entry": {"SELECT", "INSERT"},
    "let_go_in_breach": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "order_shipment": {"SELECT", "INSERT"},
    "recall": {"SELECT", "INSERT", "UPDATE"},
    "recall_delivery": {"SELECT", "INSERT", "UPDATE"},
    "recall_reservation": {"SELECT", "INSERT"},
    "recall_return": {"SELECT", "INSERT"},
    "reservation": {"SELECT", "INSERT", "UPDATE"},
    "reservation_line": {"SELECT", "INSERT", "UPDATE"},
    "scan": {"SELECT", "INSERT", "UPDATE"},
    "scan_session": {"SELECT", "INSERT", "UPDATE"},
    "scan_work": {"SELECT", "INSERT", "UPDATE"},
    "serial_unit": {"SELECT", "INSERT", "UPDATE"},
    "site": {"SELECT", "INSERT", "UPDATE"},
    "stock_balance": {"SELECT", "INSERT", "UPDATE"},
    "stock_closing": {"SELECT", "INSERT", "DELETE"},
    "stock_count": {"SELECT", "INSERT"},
    "stock_document": {"SELECT", "INSERT", "UPDATE"},
    "stock_document_counter": {"SELECT", "INSERT", "UPDATE"},
    "stock_document_entry": {"SELECT", "INSERT"},
    "stock_document_line": {"SELECT", "INSERT", "DELETE"},
    "stock_in_transit": {"SELECT", "INSERT", "UPDATE"},
    "stock_page": {"SELECT", "INSERT", "DELETE"},
    "stock_stream": {"SELECT", "INSERT", "UPDATE"},
    "substitute": {"SELECT", "INSERT", "UPDATE"},
    "unit_conversion": {"SELECT", "INSERT"},
    "unposted_receipt_line": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "warehouse": {"SELECT", "INSERT", "UPDATE"},
    "warehouse_worker": {"SELECT", "INSERT", "DELETE"},
}


@pytest.fixture
def database(fresh_database: FreshDatabases) -> FreshDatabase:
    """Return an empty database for inventory."""
    return fresh_database("inventory")


async def tables_of(database: FreshDatabase) -> set[str]:
    """Return the tables there are, without what alembic and the days bring."""
    session = await asyncpg.connect(database.owner_dsn)
    rows = await session.fetch("select tablename from pg_tables where schemaname = 'public'")
    await session.close()
    names = {row["tablename"] for row in rows} - {"alembic_version"}
    return {name for name in names if not name.startswith("outbox_archive_")}


async def test_migrations_go_up_down_and_up_again(database: FreshDatabase) -> None:
    migrate("inventory", database.owner_dsn)
    built = await tables_of(database)
    assert built >= RIGHTS.keys()
    migrate("inventory", database.owner_dsn, "base")
    assert await tables_of(database) == set()
    migrate("inventory", database.owner_dsn)
    assert await tables_of(database) == built


def test_models_and_migrations_agree(database: FreshDatabase) -> None:
    migrate("inventory", database.owner_dsn)
    check_models("inventory", database.owner_dsn)


async def test_the_services_role_has_the_rights_it_needs_and_no_others(
    database: FreshDatabase,
) -> None:
    """A3."""
    migrate("inventory", database.owner_dsn)
    session = await asyncpg.connect(database.dsn)
    rows = await session.fetch(
        "select table_name, privilege_type from information_schema.role_table_grants"
        " where grantee = 'inventory' and table_name = any($1)",
        list(RIGHTS),
    )
    held = {
        table: {r["privilege_type"] for r in rows if r["table_name"] == table} for table in RIGHTS
    }
    assert held == RIGHTS
    owners = "select count(*) from pg_tables where tableowner = 'inventory'"
    assert await session.fetchval(owners) == 0
    await session.close()


BEFORE_NUMBERS = (
    """insert into stock_document (site_id, document_id, number, kind, warehouse_id, status,
        version, over_percent, dispatch_id, drafted_at, drafted_by, lines_by)
    select site, md5(number)::uuid, number, kind, 'main', 'draft', 1, 0, md5(of)::uuid, now(),
        'ann', 'ann'
    from (values ('north', 'TD-1', 'transfer_dispatch', null),
        ('south', 'TA-1', 'transfer_arrival', 'TD-1')) as made (site, number, kind, of)""",
    """insert into stock_document_line (site_id, document_id, line_no, item_id, batch_id, quantity,
        unit, unit_quantity, unit_version, source, target, serials, dispatch_line_no)
    select site, md5(number)::uuid, 1, 'till', '', cardinality(serials), 'EA', 1, 0, source, target,
        serials, 1
    from (values ('north', 'TD-1', 'available', null, array['S1', 'S2', 'S3']),
        ('south', 'TA-1', null, 'available', array['S2', 'S9'])) as made (site, number, source,
            target, serials)""",
    "update stock_document set status = 'posted', posted_at = now(), posted_by = 'bob'",
    """insert into stock_in_transit (to_site_id, document_id, line_no, item_id, batch_id,
        from_site_id, from_warehouse_id, to_warehouse_id, dispatch_sequence, dispatched_at,
        dispatched, outstanding, tolerated, surplus)
    values ('south', md5('TD-1')::uuid, 1, 'till', '', 'north', 'main', 'main', 1, now(),
        3, 1, 0, 0)""",
    """insert into scan (site_id, scan_id, session_id, sequence, code, scanned_at, received_at,
        said, refusal, facts)
    values ('north', md5('scan')::uuid, md5('scan')::uuid, 1, 'S1', now(), now(), '{}',
        'wrong_warehouse', '{"thing": "unit S1 of item till", "document_id": "None"}')""",
)


async def test_what_was_under_way_and_scanned_before_is_known_by_its_numbers(
    database: FreshDatabase,
) -> None:
    """A4, A9: units that had arrived are not awaited, and a scan concerns the item of its unit."""
    migrate("inventory", database.owner_dsn, "0026")
    async with asyncpg.create_pool(database.owner_dsn, min_size=1) as session:
        for statement in BEFORE_NUMBERS:
            await session.execute(statement)
        migrate("inventory", database.owner_dsn)
        sent = await session.fetchrow("select serials, settled from stock_in_transit")
        facts = await session.fetchval("select facts from scan")
    assert (sent["serials"], sent["settled"]) == (["S1", "S2", "S3"], ["S2"])
    assert json.loads(facts) == {"thing": "unit S1 of item till", "item_id": "till"}
