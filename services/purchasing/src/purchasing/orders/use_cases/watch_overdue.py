"""Find order lines that are overdue: say so once, and suspend their supplier for new orders."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import SupplierSuspended
from purchasing.orders import store
from purchasing.orders.use_cases.settle_overdue import warning_of
from purchasing.reference import store as reference
from purchasing.suppliers import store as suppliers
from purchasing.suppliers.domain import OverdueLine
from purchasing.warnings.use_cases.tell_warnings import raise_warnings
from servicekit import outbox
from servicekit.clock import now
from servicekit.database import Database
from servicekit.ids import new_id

ORDERS_AT_ONCE = 200


async def watch_overdue(database: Database, overdue_days: int) -> None:
    """Note what became overdue, an order at a time; what is left over is found the next time."""
    async with database.transaction() as session:
        found = await store.newly_overdue(session, now(), overdue_days, ORDERS_AT_ONCE)
    for order_id in found:
        async with database.transaction() as session:
            await _note(session, order_id, overdue_days)


async def _note(session: AsyncSession, order_id: UUID, overdue_days: int) -> None:
    """Look again under the order's lock: another worker may have been here, or the goods."""
    order = await store.order_to_change(session, order_id)
    at = now()
    site = await reference.site_of(session, order.site_id)
    noted = await suppliers.overdue_of_order(session, order_id)
    known = {line.line_no for line in noted}
    fresh = [
        OverdueLine(
            order_id=order_id,
            line_no=line.line_no,
            supplier_id=order.supplier_id,
            number=order.number,
            warning_id=new_id(),
            since=at,
        )
        for line in order.late(site.day_of(at), overdue_days)
        if line.line_no not in known
    ]
    if not fresh:
        return
    await suppliers.supplier_to_change(session, order.supplier_id)
    await suppliers.add_overdue(session, fresh)
    causes = await suppliers.overdue_of(session, order.supplier_id)
    suspended = SupplierSuspended(
        supplier_id=order.supplier_id,
        since=causes[0].since,
        causes=tuple(cause.name for cause in causes),
    )
    await raise_warnings(session, [warning_of(order, line, at) for line in fresh])
    await outbox.add(session, [suspended])
