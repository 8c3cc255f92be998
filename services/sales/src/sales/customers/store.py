"""Loads customers."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers.domain import Customer, UnknownCustomer
from sales.customers.tables import customers


async def add_if_new(session: AsyncSession, customer: Customer) -> bool:
    """Insert the customer unless its id is taken; return whether it was inserted."""
    statement = insert(customers).values(
        customer_id=customer.customer_id, name=customer.name, created_at=customer.created_at
    )
    inserted = await session.scalar(
        statement.on_conflict_do_nothing().returning(customers.c.customer_id)
    )
    return inserted is not None


async def customer_to_change(session: AsyncSession, customer_id: str) -> Customer:
    """Load a customer and lock it."""
    found = await session.get(Customer, customer_id, with_for_update={"key_share": True})
    if found is None:
        raise UnknownCustomer(customer_id=customer_id)
    return found


async def must_know(session: AsyncSession, customer_id: str) -> None:
    """Raise unless there is such a customer."""
    found = await session.scalar(
        select(customers.c.customer_id).where(customers.c.customer_id == customer_id)
    )
    if found is None:
        raise UnknownCustomer(customer_id=customer_id)
