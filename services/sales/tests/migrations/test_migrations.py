"""Migrations go up, down and up again, say what the models say, and grant no more than needed."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from servicekit.testing import check_models, migrate

DEFINE_CUSTOMER = "insert into customer values ('wang', 'Wang', now())"
PLACE_ORDER = (
    "insert into sales_order values ('sh-01', gen_random_uuid(), 'SO-1', 'wang', 'main', 'CNY',"
    " 9.90, now(), 'anna', 7200, 'placed', 0, now())"
)

FORBIDDEN = (
    "delete from sales_order",
    "delete from sales_order_line",
    "delete from shipment",
    "truncate shipment",
    "update sales_order set total = 1",
    "update sales_order set number = 'other'",
    "update sales_order set site_id = 'bj-01'",
    "update sales_order_line set amount = 1",
    "update sales_order_held_line set quantity = 1",
    "update sales_order_refusal set problem = '{}'",
    "update shipment set number = 'other'",
    "update shipment set posted_at = now()",
    "update shipment set device_id = 'other'",
    "delete from device",
    "update shipment_line set quantity = 1",
    "update customer_return set shipment_id = gen_random_uuid()",
    "delete from customer_return",
    "update customer_return_line set quantity = 1",
    "delete from customer_return_line",
    "update recall set item_id = 'other'",
    "delete from recall",
    "update recall_notice set informed_by = 'other'",
    "delete from recall_notice",
    "update sourcing_request set total = 1",
    "delete from sourcing_request",
    "update sourcing_line set quantity = 1",
    "update sourcing_order set order_id = gen_random_uuid()",
    "update sales_order_line_substitution set substitute_for = 'other'",
    "update delivery_photo set sha256 = ''",
    "delete from delivery_photo",
    "update delivery_link set token_hash = ''",
    "delete from delivery_link",
    "delete from customer",
    "update customer_version set credit_limit = 1",
    "update receivable set amount = 1",
    "delete from receivable",
    "update customer_payment set amount = 1",
    "delete from customer_payment",
    "update payment_application set amount = 1",
    "update customer_payout set amount = 1",
    "delete from customer_payout",
    "update customer_payout_part set amount = 1",
    "delete from customer_payout_part",
    "update counter_sale_take_back set amount = 1",
    "delete from counter_sale_take_back",
    "update counter_sale_take_back_line set amount = 1",
    "delete from counter_sale_take_back_line",
    "update pick_line set quantity = 1",
    "delete from pick",
    "update cost_of_line set cost = 1",
    "update cost_correction set amount = 1",
    "delete from item",
    "create table mine (id int)",
)


@pytest.fixture
def database(migrated_database: Callable[[str], Any]) -> Any:
    """Return a database migrated to the newest form."""
    return migrated_database("sales")


def test_migrations_go_up_down_and_up_again(database: Any) -> None:
    migrate("sales", database.owner_dsn, "base")
    migrate("sales", database.owner_dsn)


def test_the_models_are_what_the_migrations_make(database: Any) -> None:
    check_models("sales", database.owner_dsn)


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_service_can_change_nothing_that_was_agreed_or_shipped(
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
        await connection.execute(DEFINE_CUSTOMER)
        await connection.execute(PLACE_ORDER)
        await connection.execute("select 1 from sales_order for no key update")
        for forbidden in ("lost", "reserved", "refused"):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute("update sales_order set status = $1", forbidden)
        await connection.execute("update sales_order set status = 'refused', due_at = null")
    finally:
        await connection.close()
