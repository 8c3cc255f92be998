"""Watch dates: what is past its own when it is picked or shipped stays here."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from sales.orders import store as orders
from sales.orders.domain.order import SalesOrder
from sales.reference import store as reference
from sales.shipments.domain import ShipmentLine, must_be_sellable
from servicekit.clock import now


async def watch_dates(
    session: AsyncSession, order: SalesOrder, leaving: Sequence[ShipmentLine]
) -> None:
    """Raise if a batch among the lines may not be sold today; where there is none, nothing is read.

    Inventory said the dates when the goods were held for good, so that it is not asked again.
    """
    by_batch = {line.line_no for line in leaving if line.batch_id}
    if by_batch:
        site = await reference.site_of(session, order.site_id)
        held = await orders.held_lines_of(session, order)
        must_be_sellable(order.number, held, by_batch, site.day_of(now()))
