"""Migrations go up, down and up again, say what the models say, and grant no more than needed."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from servicekit.testing import check_models, migrate

DEFINE_SUPPLIER = "insert into supplier values ('acme', 'Acme', 0, now())"
PLACE_ORDER = (
    "insert into purchase_order values (gen_random_uuid(), 'PO-1', 'acme', 'sh-01', 'main', 'CNY',"
    " current_date, now(), 'anna', 'placed')"
)

FORBIDDEN = (
    "delete from purchase_order",
    "delete from receipt",
    "delete from receipt_line",
    "truncate receipt",
    "update receipt set number = 'other'",
    "update receipt set order_id = gen_random_uuid()",
    "update receipt_line set quantity = 1",
    "update purchase_order_line set item_id = 'other'",
    "update purchase_order_line set kind = 'gift'",
    "update purchase_order set author = 'other'",
    "update purchase_order_change set became = 'other'",
    "delete from purchase_order_change",
    "update price_break set unit_cost = 1",
    "delete from price",
    "update supplier_change set became = 'other'",
    "update purchase_order set supplier_id = 'other'",
    "update repricing set cause = 'other'",
    "update repricing_line set unit_cost = 1",
    "delete from repricing",
    "update purchase_return set cause = 'other'",
    "update purchase_return_line set quantity = 1",
    "delete from purchase_return",
    "delete from supplier",
    "delete from item",
    "create table mine (id int)",
)


@pytest.fixture
def database(migrated_database: Callable[[str], Any]) -> Any:
    """Return a database migrated to the newest form."""
    return migrated_database("purchasing")


def test_migrations_go_up_down_and_up_again(database: Any) -> None:
    migrate("purchasing", database.owner_dsn, "base")
    migrate("purchasing", database.owner_dsn)


INVOICE = """
insert into invoice (
    invoice_id, supplier_id, kind, code, number, issued_on, seller_name, seller_tax_id,
    buyer_name, buyer_tax_id, currency, net, tax, total, booked_at, booked_by, status, version
) values (
    gen_random_uuid(), 'acme', 'digital_special', $1, $2, current_date, 'Acme', $3,
    'Chain', 'X', 'CNY', 1, 0, 1, now(), 'fay', $4, 1
)
"""


async def test_invoices_that_were_booked_twice_before_do_not_stop_the_migration(
    database: Any,
) -> None:
    """C4: the first is known by its number from then on; what was refused bars nobody."""
    await asyncio.to_thread(migrate, "purchasing", database.owner_dsn, "base")
    await asyncio.to_thread(migrate, "purchasing", database.owner_dsn, "0028")
    connection = await asyncpg.connect(database.owner_dsn)
    try:
        await connection.execute(DEFINE_SUPPLIER)
        digital, older = "2" * 20, "12345678"
        for said in (
            ("", digital, "A", "refused"),
            ("", digital, "A", "booked"),
            ("1", digital, "A", "matched"),
            ("0310019001", older, "A", "booked"),
            ("0310019001", older, "B", "held"),
            ("0310019002", older, "B", "booked"),
        ):
            await connection.execute(INVOICE, *said)
        await asyncio.to_thread(migrate, "purchasing", database.owner_dsn)
        rows = await connection.fetch("select identity from invoice order by invoice_id")
        names = sorted(row["identity"] or "" for row in rows)
        first, second = f"0310019001 {older}", f"0310019002 {older}"
        assert names == ["", "", first, second, digital, digital]
    finally:
        await connection.close()


def test_the_models_are_what_the_migrations_make(database: Any) -> None:
    check_models("purchasing", database.owner_dsn)


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_service_can_change_nothing_that_was_agreed_or_counted(
    database: Any, statement: str
) -> None:
    """A1: not even by mistake, or with a session under the service's own role."""
    connection = await asyncpg.connect(database.dsn)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_service_can_do_what_its_documents_need(database: Any) -> None:
    connection = await asyncpg.connect(database.dsn)
    try:
        await connection.execute(DEFINE_SUPPLIER)
        await connection.execute(PLACE_ORDER)
        await connection.execute("update purchase_order set status = 'received'")
        await connection.execute("select 1 from purchase_order for no key update")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("update purchase_order set status = 'lost'")
    finally:
        await connection.close()
