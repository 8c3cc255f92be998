"""Say which rate of VAT is on what is sold, from a day on."""

from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from sales.invoicing import store
from sales.invoicing.domain import Scope, VatRate
from sales.reference.domain import UnknownItem
from sales.reference.store import items_of
from servicekit.auth import Caller
from servicekit.clock import now


async def set_vat_rate(
    session: AsyncSession, of: tuple[Scope, str], percent: Decimal, valid_from: date, caller: Caller
) -> VatRate:
    """Return the rate; raise for an item that nobody knows and no till has kept money for."""
    scope, name = of
    rate = VatRate(
        scope=scope,
        name=name,
        percent=percent,
        valid_from=valid_from,
        set_at=now(),
        set_by=caller.subject,
    )
    if scope is Scope.ITEM:
        try:
            await items_of(session, [name])
        except UnknownItem:
            if not await store.was_kept(session, name):
                raise
    await store.put_rate(session, rate)
    return rate
