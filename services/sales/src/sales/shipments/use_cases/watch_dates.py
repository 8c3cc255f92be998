"""Watch dates: what is past its own when it is picked or shipped stays here."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders.domain.lines import HeldLine
from sales.orders.domain.order import SalesOrder
from sales.reference import store as reference
from sales.shipments.domain import ShipmentLine, must_be_sellable
from servicekit.clock import now


async def watch_dates(
    session: AsyncSession,
    order: SalesOrder,
    held: Sequence[HeldLine],
    leaving: Sequence[ShipmentLine],
) -> None:
    """Raise if a batch among the lines may not be sold today; where none has dates, read nothing.

    Inventory said the dates when the goods were held for good, so that it is not asked again.
    """
    numbers = {line.line_no for line in leaving}
    dated = [one for one in held if one.line_no in numbers and one.sellable_until is not None]
    if dated:
        site = await reference.site_of(session, order.site_id)
        must_be_sellable(
            order.number,
            dated,
            numbers,
            site.day_of(now()),
            partly_left=order.shipment_id is not None,
        )
