"""Set what goods cost at a level, from a day and a quantity on."""

from sqlalchemy.ext.asyncio import AsyncSession

from sales.prices import store
from sales.prices.domain import Price, PriceInForce
from sales.reference.store import items_of


async def set_price(session: AsyncSession, price: Price) -> Price:
    """Return the price kept; raise if it would write over one that counts already.

    What is to be changed of a price in force is given as a price from tomorrow on: of two that
    cover a day the later one counts. Its unit is checked when it is sold in, by inventory.
    """
    await items_of(session, [price.item_id])
    before = await store.price_like(session, price)
    if before is not None and before.valid_from <= price.set_at.date():
        raise PriceInForce(
            level=before.level,
            item_id=before.item_id,
            unit=before.unit,
            currency=before.currency,
            valid_from=str(before.valid_from),
        )
    await store.put_price(session, price)
    return price
