"""Lift what was overdue of an order and no longer is, and with it its supplier's suspension."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.purchasing import SupplierReinstated
from purchasing.orders.domain import PurchaseOrder
from purchasing.reference import store as reference
from purchasing.suppliers import store as suppliers
from purchasing.suppliers.domain import OverdueLine
from purchasing.warnings.domain import Told, WarningCause
from purchasing.warnings.use_cases.tell_warnings import clear_warnings
from servicekit import outbox
from servicekit.clock import now

ROLES = ("buyer", "clerk", "shop_manager", "finance")
"""Who must know: who ordered, the warehouse that waits for the goods, its head, and who pays."""


async def settle_overdue(session: AsyncSession, order: PurchaseOrder) -> None:
    """Forget the lines of which nothing is late any more; the caller holds the order's lock.

    A line stays until everything due before today has come, or is not due or wanted any more:
    the days of patience were given once.
    """
    noted = await suppliers.overdue_of_order(session, order.order_id)
    if not noted:
        return
    at = now()
    site = await reference.site_of(session, order.site_id)
    late = {line.line_no for line in order.late(site.day_of(at), 1)}
    closed = [line for line in noted if line.line_no not in late]
    if not closed:
        return
    # Of two orders that are closed at once the second sees that nothing is left.
    await suppliers.supplier_to_change(session, order.supplier_id)
    await suppliers.remove_overdue(session, closed)
    left = {line.warning_id for line in noted if line not in closed}
    # Where lines were noted together once, the last of them clears the warning they share.
    gone = {line.warning_id: line for line in closed if line.warning_id not in left}
    await clear_warnings(session, [warning_of(order, line, at) for line in gone.values()])
    if not await suppliers.overdue_of(session, order.supplier_id):
        await outbox.add(session, [SupplierReinstated(supplier_id=order.supplier_id, at=at)])


def warning_of(order: PurchaseOrder, line: OverdueLine, at: datetime) -> Told:
    """Return what is said of the warning of an order's line."""
    return Told(
        warning_id=line.warning_id,
        cause=WarningCause.ORDER_OVERDUE,
        severity="warning",
        site_id=order.site_id,
        supplier_id=order.supplier_id,
        document_kind="purchase_order",
        document_id=order.order_id,
        document_number=line.name,
        level=0,
        roles=ROLES,
        since=line.since,
        at=at,
    )
