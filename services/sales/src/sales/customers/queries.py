"""Lists of customers."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.customers.domain import UnknownCustomer
from sales.customers.tables import customers, versions


async def customer(session: AsyncSession, customer_id: str) -> RowMapping:
    """Return a customer, or raise."""
    rows = await session.execute(select(customers).where(customers.c.customer_id == customer_id))
    found = rows.mappings().one_or_none()
    if found is None:
        raise UnknownCustomer(customer_id=customer_id)
    return found


async def customers_after(
    session: AsyncSession, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """Return customers in order of their ids."""
    statement = select(customers).order_by(customers.c.customer_id).limit(limit)
    if after is not None:
        statement = statement.where(customers.c.customer_id > after)
    return (await session.execute(statement)).mappings().all()


async def versions_after(
    session: AsyncSession, customer_id: str, after: int, limit: int
) -> Sequence[RowMapping]:
    """Return what was known of a customer, version by version."""
    statement = (
        select(versions)
        .where(versions.c.customer_id == customer_id, versions.c.version > after)
        .order_by(versions.c.version)
        .limit(limit)
    )
    return (await session.execute(statement)).mappings().all()
