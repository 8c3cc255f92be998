"""Agree a price with a supplier, or let one end."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.reference import store as reference
from purchasing.suppliers import store
from purchasing.suppliers.domain import Price


async def agree_price(session: AsyncSession, price: Price) -> Price:
    """Return the price kept; raise if another one covers its days, or its unit is unknown."""
    # Under the supplier's lock two buyers can't agree overlapping prices.
    await store.supplier_to_change(session, price.supplier_id)
    items = await reference.items_of(session, [price.item_id])
    units = await reference.units_of(session, items)
    units[price.item_id].must_know(price.unit, 1)
    price.must_be_clear()
    others = await store.prices_of(session, price.supplier_id, [price.item_id])
    price.must_not_overlap(
        one for one in others if (one.unit, one.currency) == (price.unit, price.currency)
    )
    session.add(price)
    return price


async def end_price(
    session: AsyncSession, supplier_id: str, price_id: UUID, last_day: date, by: str
) -> Price:
    """Return the price, which counts until that day; raise if another one covers the days."""
    await store.supplier_to_change(session, supplier_id)
    price = await store.price_of(session, supplier_id, price_id)
    price.end(last_day, by)
    others = await store.prices_of(session, supplier_id, [price.item_id])
    price.must_not_overlap(
        one for one in others if (one.unit, one.currency) == (price.unit, price.currency)
    )
    return price
