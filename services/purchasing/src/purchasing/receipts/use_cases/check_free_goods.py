"""Check that goods which cost nothing come in only as what is not for sale by now, too."""

from sqlalchemy.ext.asyncio import AsyncSession

from purchasing.orders.domain import LineKind, PurchaseOrder
from purchasing.receipts.domain import Receipt
from purchasing.reference import store as reference


async def check_free_goods(session: AsyncSession, receipt: Receipt, order: PurchaseOrder) -> None:
    """Raise for a free line of an item that was put up for sale since it was ordered."""
    ordered = {line.line_no: order.line(line.order_line_no, line.line_no) for line in receipt.lines}
    free = [one for one in receipt.lines if ordered[one.line_no].kind is not LineKind.PURCHASE]
    items = await reference.items_of(session, [line.item_id for line in free])
    for line in free:
        items[line.item_id].must_be_free(ordered[line.line_no].kind.value, line.line_no)
