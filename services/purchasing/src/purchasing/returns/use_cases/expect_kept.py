"""Let an order expect goods that did not go back after all, in place of those replacing them.

They count as arriving until inventory has them, just as goods on a receipt do: so the order can't
be closed meanwhile, and nobody takes in other goods for them. Where these came already, it is
refused as an over-receipt. An order that is closed waits for nothing.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders import store as orders
from purchasing.orders.domain import WITH_SUPPLIER
from purchasing.receipts.domain import sum_by_order_line
from purchasing.returns.store import Undoing
from purchasing.returns.use_cases.settle_orders import Moved
from purchasing.suppliers import store as suppliers


async def expect_kept(session: AsyncSession, undoing: Undoing) -> None:
    """Expect the goods; raise if others have come for them."""
    if not undoing.undone.replace:
        return
    order = await orders.order_to_change(session, undoing.undone.order_id)
    if order.status in WITH_SUPPLIER:
        supplier = await suppliers.supplier(session, order.supplier_id)
        order.expect(_arriving(undoing), supplier.over_receipt_percent)


async def expect_no_more(session: AsyncSession, undoing: Undoing) -> None:
    """Expect the goods no more: inventory has refused them."""
    if not undoing.undone.replace:
        return
    order = await orders.order_to_change(session, undoing.undone.order_id)
    if order.status in WITH_SUPPLIER:
        order.expect_no_more(_arriving(undoing))


async def keep(session: AsyncSession, undoing: Undoing) -> Sequence[Moved]:
    """Count the goods as received: what was asked for is there, and not to be ordered again."""
    if not undoing.undone.replace:
        return []
    order = await orders.order_to_change(session, undoing.undone.order_id)
    if order.status in WITH_SUPPLIER:
        order.expect_no_more(_arriving(undoing))
    order.keep(_arriving(undoing))
    return [Moved.of(order, undoing.reversal.posted_by or undoing.reversal.drafted_by)]


def _arriving(undoing: Undoing) -> Mapping[int, Decimal]:
    order_lines = {line.line_no: line.order_line_no for line in undoing.receipt.lines}
    return sum_by_order_line(
        (order_lines[one.receipt_line_no], one.quantity) for one in undoing.undone.lines
    )
