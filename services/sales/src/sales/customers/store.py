"""Loads customers, and keeps what was known of them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ARRAY, Text, any_, literal, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers.domain import FACTS, Customer, UnknownCustomer
from sales.customers.tables import customers, versions

COLUMNS = ("customer_id", "created_at", "version", *FACTS)


async def add_if_new(session: AsyncSession, customer: Customer) -> bool:
    """Insert the customer unless its id is taken; return whether it was inserted."""
    statement = insert(customers).values({name: getattr(customer, name) for name in COLUMNS})
    inserted = await session.scalar(
        statement.on_conflict_do_nothing().returning(customers.c.customer_id)
    )
    return inserted is not None


async def customer_to_change(session: AsyncSession, customer_id: str) -> Customer:
    """Load a customer as it is now and lock it: what it owes is counted by one at a time."""
    found = await session.get(
        Customer, customer_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        raise UnknownCustomer(customer_id=customer_id)
    return found


async def customer_of(session: AsyncSession, customer_id: str) -> Customer:
    """Return a customer as it is now, or raise."""
    found = await session.get(Customer, customer_id)
    if found is None:
        raise UnknownCustomer(customer_id=customer_id)
    return found


async def customers_to_change(
    session: AsyncSession, customer_ids: Collection[str]
) -> Sequence[Customer]:
    """Load those of the customers that there are, and lock them, in order of their ids."""
    rows = await session.scalars(
        select(Customer)
        .where(customers.c.customer_id == any_(literal(sorted(set(customer_ids)), ARRAY(Text))))
        .order_by(customers.c.customer_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def is_known(session: AsyncSession, customer_id: str) -> bool:
    """Tell whether there is such a customer."""
    wanted = select(customers.c.customer_id).where(customers.c.customer_id == customer_id)
    return await session.scalar(wanted) is not None


async def must_know(session: AsyncSession, customer_id: str) -> None:
    """Raise unless there is such a customer."""
    if not await is_known(session, customer_id):
        raise UnknownCustomer(customer_id=customer_id)


async def keep_version(session: AsyncSession, customer: Customer, at: datetime, by: str) -> None:
    """Keep what is known of a locked customer from now on."""
    key = {"customer_id": customer.customer_id, "version": customer.version}
    said = {"changed_at": at, "changed_by": by}
    await session.execute(plain_insert(versions).values(key | asdict(customer.facts) | said))
